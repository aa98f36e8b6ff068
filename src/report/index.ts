export { intervalPageHtml } from './interval-page.ts'
export { intervalPictureSvg } from './interval-picture.ts'
export { intervalPlot, type PlotRole } from './interval-plot.ts'
export { intervalTable, shareText } from './interval-table.ts'
