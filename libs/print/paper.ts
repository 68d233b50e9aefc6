import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import Pdf from 'pdfkit';
import { FACES, type Style, openFonts, printable, textWidth } from './fonts.ts';

/** A4 in points. */
const A4 = { short: 595.28, long: 841.89 } as const;

/** Margins in points: left enough for binding. */
export const MARGIN = { top: 40, bottom: 44, left: 56, right: 36 } as const;

export interface Placed extends Style {
  readonly x: number;
  /** Top of the line. */
  readonly y: number;
  /** What `center` and `right` are within. */
  readonly width?: number;
  readonly align?: 'left' | 'center' | 'right';
  /** `#000000` when absent. */
  readonly color?: string;
}

export interface PaperOptions {
  /** Shown as the title of the window. */
  readonly title: string;
  /** What the document is about, beyond its title. */
  readonly subject: string;
  /** Whose document it is. */
  readonly author: string;
  /** When what it says was known: the same content gives the same bytes. Milliseconds. */
  readonly at: number;
}

/** Height of a line for a size. */
export const LINE = 1.22;

/** What stands between the margins of a page. */
export const innerOf = (
  landscape: boolean,
): { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number } => {
  const [width, height] = landscape ? [A4.long, A4.short] : [A4.short, A4.long];
  return {
    left: MARGIN.left,
    right: width - MARGIN.right,
    top: MARGIN.top,
    bottom: height - MARGIN.bottom,
  };
};

/** Bytes that may wait for a slow reader before the next page is set. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;
/** Milliseconds between looks at a slow reader. */
const LOOK_MS = 20;
/** Milliseconds without a byte taken after which a document is given up. */
const STUCK_MS_MAX = 120_000;

/** What a document is drawn on. Coordinates in points from the top left; texts are put through {@link printable}. */
export interface Paper {
  readonly width: number;
  readonly height: number;
  /** Between the margins. */
  readonly inner: ReturnType<typeof innerOf>;
  addPage(): void;
  write(text: string, placed: Placed): void;
  /** A straight line. */
  line(from: readonly [number, number], to: readonly [number, number], weight?: number): void;
  /** Dots for what is filled in by hand. */
  dots(x: number, y: number, width: number): void;
  /** Grey words across the page, over what stands there; the last thing on it. */
  across(text: string): void;
  /** Words in a frame, at the top right. */
  stamp(text: string): void;
  /** Lets others work between two pages, and waits while the reader is slow. Rejects when the reader is gone. */
  breathe(): Promise<void>;
}

/** The library writes these into XML as they are. */
const unXml = (text: string): string =>
  printable(text).replace(/[<>&]/g, (sign) => ({ '<': '‹', '>': '›', '&': '+' })[sign] ?? '');

/**
 * A document as a stream of its bytes: pages leave as they are set. Fonts are embedded as far as they are used, the
 * language is Vietnamese, colours and metadata as PDF/A-2b has them; nothing in it comes from a clock. `draw`
 * opens the paper, upright or across, and sets the pages; what it throws ends the stream with that error.
 */
export function printed(
  options: PaperOptions,
  draw: (open: (landscape: boolean) => Paper) => Promise<void>,
): Readable {
  const at = new Date(options.at);
  const doc = new Pdf({
    autoFirstPage: false,
    size: [A4.short, A4.long],
    margin: 0,
    pdfVersion: '1.7',
    subset: 'PDF/A-2b',
    lang: 'vi',
    displayTitle: true,
    // Every amount is another word: remembering them would hold the whole book.
    fontLayoutCache: false,
    info: {
      Title: unXml(options.title),
      Subject: unXml(options.subject),
      Author: unXml(options.author),
      Creator: 'Lá Lành',
      Producer: 'Lá Lành',
      CreationDate: at,
      ModDate: at,
    },
  });
  // The library takes an opened font as well as a file; its types do not say so.
  for (const face of FACES)
    doc.registerFont(face, openFonts()[face] as unknown as PDFKit.Mixins.PDFFontSource);
  const work = async (): Promise<void> => {
    await draw((landscape) => paperOf(doc, landscape));
    doc.end();
  };
  work().catch((error: unknown) => doc.destroy(error instanceof Error ? error : new Error(String(error))));
  return doc as unknown as Readable;
}

/** The whole document, for those that are short. Rejects with what drawing it threw. */
export async function printedBytes(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

function paperOf(doc: PDFKit.PDFDocument, landscape: boolean): Paper {
  const [width, height] = landscape ? [A4.long, A4.short] : [A4.short, A4.long];
  const inner = innerOf(landscape);
  const set = ({ face = 'regular', size }: Style): void => void doc.font(face).fontSize(size);
  const put = (text: string, x: number, y: number, textWidth: number): void => {
    // Given the width, the library does not measure it again.
    const known = { textWidth, wordCount: 1 } as PDFKit.Mixins.TextOptions;
    doc.text(text, x, y, { lineBreak: false, ...known });
  };
  const measure = (text: string, style: Style): number => textWidth(printable(text), style);
  return {
    width,
    height,
    inner,
    addPage: () => void doc.addPage({ size: [width, height], margin: 0 }),
    write: (given, { x, y, width: within = 0, align = 'left', color = '#000000', ...style }) => {
      const text = printable(given);
      if (text === '') return;
      const own = textWidth(text, style);
      set(style);
      doc.fillColor(color);
      put(text, align === 'left' ? x : x + (within - own) / (align === 'right' ? 1 : 2), y, own);
    },
    line: ([x1, y1], [x2, y2], weight = 0.5) =>
      void doc.lineWidth(weight).strokeColor('#000000').moveTo(x1, y1).lineTo(x2, y2).stroke(),
    dots: (x, y, length) =>
      void doc
        .lineWidth(0.5)
        .dash(1, { space: 2 })
        .moveTo(x, y)
        .lineTo(x + length, y)
        .stroke()
        .undash(),
    across: (text) => {
      const style = { face: 'bold', size: ACROSS_SIZE } as const;
      const scale = Math.min(1, (ACROSS_SHARE * Math.hypot(width, height)) / measure(text, style));
      const size = ACROSS_SIZE * scale;
      const own = measure(text, { ...style, size });
      doc.save();
      doc.rotate((-Math.atan2(height, width) * 180) / Math.PI, { origin: [width / 2, height / 2] });
      set({ ...style, size });
      doc.fillColor('#000000').fillOpacity(ACROSS_OPACITY);
      put(printable(text), (width - own) / 2, height / 2 - (size * LINE) / 2, own);
      doc.restore();
    },
    stamp: (text) => {
      const style = { face: 'bold', size: STAMP_SIZE } as const;
      const own = measure(text, style);
      const [x, y] = [inner.right - own - 2 * STAMP_PADDING, STAMP_TOP];
      const tall = STAMP_SIZE * LINE + STAMP_PADDING;
      doc
        .lineWidth(1)
        .strokeColor(STAMP_COLOR)
        .rect(x, y, own + 2 * STAMP_PADDING, tall)
        .stroke();
      set(style);
      doc.fillColor(STAMP_COLOR);
      put(printable(text), x + STAMP_PADDING, y + STAMP_PADDING / 2 + 1, own);
    },
    breathe: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      const stream = doc as unknown as Readable;
      let [waited, left] = [0, stream.readableLength];
      while (stream.readableLength > WAITING_BYTES_MAX && !stream.destroyed) {
        await sleep(LOOK_MS);
        waited = stream.readableLength < left ? 0 : waited + LOOK_MS;
        left = stream.readableLength;
        if (waited > STUCK_MS_MAX) throw new Error('nobody takes the document');
      }
      if (stream.destroyed) throw new Error('the reader of the document is gone');
    },
  };
}

const ACROSS_SIZE = 120;
/** Of the diagonal of the page. */
const ACROSS_SHARE = 0.7;
const ACROSS_OPACITY = 0.13;
const STAMP_SIZE = 11;
const STAMP_PADDING = 4;
const STAMP_TOP = 14;
const STAMP_COLOR = '#b00020';
