import { correction, generate } from 'lean-qr';
import { toPngBuffer } from 'lean-qr/extras/node_export';
import { toSvgSource } from 'lean-qr/extras/svg';

/** Readable when a seventh of it is dirty or torn, and still coarse enough for a poor printer. */
const CORRECTION = { minCorrectionLevel: correction.M };
/** Modules of white around the code, as ISO/IEC 18004 asks. */
const QUIET = 4;
/** Pixels of a module. */
const SCALE = 8;

/** Named, because a transparent ground is black for some readers. */
const [BLACK, WHITE] = [
  [0, 0, 0],
  [255, 255, 255],
] as const;

/** The code as an SVG document. */
export const qrSvg = (text: string): string =>
  toSvgSource(generate(text, CORRECTION), {
    on: 'black',
    off: 'white',
    pad: QUIET,
    scale: SCALE,
    xmlDeclaration: true,
  });

/** The code as a PNG file. */
export const qrPng = (text: string): Uint8Array =>
  toPngBuffer(generate(text, CORRECTION), { on: BLACK, off: WHITE, pad: QUIET, scale: SCALE });
