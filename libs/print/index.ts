export { type Face, type Style, UNSHOWN, printable, textWidth, wrapText } from './fonts.ts';
export { amountInWords } from './in-words.ts';
export {
  LINE,
  MARGIN,
  type Paper,
  type PaperOptions,
  type Placed,
  innerOf,
  printed,
  printedBytes,
} from './paper.ts';
export * from './words.ts';
