import { describe, expect, it } from 'vitest'
import { keepConstants } from '../scripts/keep-constants.mjs'

describe('a bundle', () => {
  it.each([
    ['var a = 1, b = {};', 'const a = 1, b = {};'],
    ['#!/usr/bin/env node\nvar a = 1;\nvar b = a;', '#!/usr/bin/env node\nconst a = 1;\nconst b = a;'],
    ['var { a, b: [c] } = d;', 'const { a, b: [c] } = d;'],
    ['var a = {}; a.b = 1;', 'const a = {}; a.b = 1;'],
    ['let a = 1; class B {}', 'let a = 1; class B {}'],
    ['function f() { var a = 1; return a }', 'function f() { var a = 1; return a }'],
  ])('has its constants back: %s', (code, kept) => {
    expect(keepConstants(code)).toBe(kept)
  })

  it.each([
    'var a;',
    'var a = 1; a = 2;',
    'var a = 1; a += 2;',
    'var a = 1; const f = () => { a++ };',
    'var a = 1, b = 2; b = 3;',
    'var a = 1; ({ a } = { a: 2 });',
    'var a = 1; [a] = [2];',
    'var a = 1; [{ b: a = 3 }] = [{}];',
    'var a = 1; for (a of [2]);',
    'var a = 1; for (a in { b: 2 });',
    'var a = 1; { class C { static { a = 2 } } }',
  ])('keeps what changes: %s', (code) => {
    expect(keepConstants(code)).toBe(code)
  })
})
