import { describe, expect, it } from 'vitest';
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import { UNPACKED_BYTES_MAX } from '#sheets';
import { readXlsx } from './xlsx.ts';

const bytesOf = async (rows: SheetData): Promise<Buffer> => (await writeXlsxFile(rows)).toBuffer();

describe('an XLSX file', () => {
  it('gives numbers as their own digits, dates as days, and skips blank rows', async () => {
    const bytes = await bytesOf([
      [{ value: 'Ref' }, { value: 'Ngày' }, { value: 'Số' }, { value: 'Có' }],
      [{ value: ' ' }],
      [
        { value: 'A' },
        { value: new Date('2023-12-31T00:00:00Z'), type: Date, format: 'dd/mm/yyyy' },
        { value: 1_000_000_000_000_000, type: Number },
        { value: true, type: Boolean },
      ],
      [
        { value: 'B' },
        { value: '01/02/2023' },
        { value: 1.235, type: Number },
        { value: false, type: Boolean },
      ],
    ]);
    const read = await readXlsx(bytes);
    expect(read).toStrictEqual({
      ok: true,
      value: [
        { row: 1, cells: ['Ref', 'Ngày', 'Số', 'Có'] },
        { row: 3, cells: ['A', '2023-12-31', '1000000000000000', 'true'] },
        { row: 4, cells: ['B', '01/02/2023', '1,235', 'false'] },
      ],
    });
  });

  it('that is no ZIP, or a torn one, is refused', async () => {
    const whole = await bytesOf([[{ value: 'Ref' }]]);
    const torn = await readXlsx(whole.subarray(0, whole.length - 40));
    expect([(await readXlsx(Buffer.from('ref,a\n'))).ok, torn.ok]).toStrictEqual([false, false]);
  });

  it('that says it unpacks to more than the limit is refused before anything is unpacked', async () => {
    const bytes = await bytesOf([[{ value: 'Ref' }]]);
    const entry = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    bytes.writeUInt32LE(0xffff_fff0, entry + 24);
    expect(await readXlsx(bytes)).toStrictEqual({
      ok: false,
      error: { code: 'FILE_ZIP_BOMB', details: { limit: `${UNPACKED_BYTES_MAX} bytes` } },
    });
  });
});
