import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acrossOf, fontsOf, linesOf, pagesOf, pdfJudge } from '../../tests/support/pdf.ts';
import { type Serving, serve } from './serve.ts';

let folder: string;
let serving: Serving;
/** Position of the last fact. */
let head = '';
let now = Date.parse('2024-06-30T03:00:00Z');

async function post(
  url: string,
  body: object,
  { key = randomUUID() as string, actor = 'ke-toan' } = {},
): Promise<{ status: number; body: Record<string, unknown>; key: string }> {
  const answer = await serving.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', 'idempotency-key': key, 'lalanh-actor': actor },
    payload: JSON.stringify(body),
  });
  const parsed = JSON.parse(answer.body) as Record<string, unknown>;
  if (answer.statusCode === 201) head = String(parsed['position']);
  return { status: answer.statusCode, body: parsed, key };
}
const ok = async (...args: Parameters<typeof post>): Promise<string> => {
  const { status, body, key } = await post(...args);
  if (status !== 201) throw new Error(`${args[0]}: ${JSON.stringify(body)}`);
  return key;
};

const get = (url: string, actor: string | undefined = 'ke-toan') =>
  serving.app.inject({
    method: 'GET',
    url: `${url}${url.includes('?') ? '&' : '?'}atLeast=${head}`,
    ...(actor !== '' && { headers: { 'lalanh-actor': actor } }),
  });
const read = async (url: string, actor?: string): Promise<Record<string, unknown>> =>
  JSON.parse((await get(url, actor)).body) as never;
const pdf = async (url: string, actor?: string): Promise<Buffer> => {
  const { rawPayload, headers, body } = await get(url, actor);
  if (headers['content-type'] !== 'application/pdf') throw new Error(body);
  return rawPayload;
};
const printed = async (url: string, actor?: string): Promise<string[]> =>
  linesOf(pagesOf(await pdf(url, actor)));

const SERIES = '/v1/vouchers/qbt-06/2024';
const on = (effectiveOn: string) => ({ fund: 'qbt-06', effectiveOn });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-vouchers-'));
  serving = await serve(folder, { port: 0, clock: () => (now += 1_000) });
  const place = (code: string, name: string, level: string, parent: string | null) =>
    ok('/v1/places', {
      code,
      name,
      level,
      parent: parent === null ? null : { code: parent },
      effectiveOn: '2020-01-01',
    });
  await place('06', 'Tỉnh Bắc Kạn', 'province', null);
  await place('060', 'Huyện Pác Nặm', 'district', '06');
  await place('01858', 'Xã Bằng Thành', 'commune', '060');
  await ok('/v1/books', {
    fund: 'qbt-06',
    year: 2024,
    name: 'Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn',
    level: 'province',
    place: { code: '06' },
    accounts: [
      { account: 'tien-mat', kind: 'cash' },
      { account: 'nh-1', kind: 'bank' },
      { account: 'kho-1', kind: 'store' },
    ],
    goods: [
      { code: 'xe-dap', unit: 'chiếc', exponent: 0 },
      { code: 'gao', unit: 'kg', exponent: 2 },
    ],
    effectiveOn: '2024-01-01',
  });
  await ok('/v1/programmes', { programme: 'ao-am', name: 'Áo ấm cho em', effectiveOn: '2024-01-01' });
  await ok('/v1/donors', {
    donor: 'cty-a',
    kind: 'organisation',
    name: 'Công ty Á Châu',
    effectiveOn: '2024-01-01',
  });
  for (const [beneficiary, name] of [
    ['tre-1', 'Lý Thị Mẩy'],
    ['tre-2', 'Hoàng Văn Páo'],
  ])
    await ok('/v1/beneficiaries', {
      beneficiary,
      name,
      kind: 'child',
      place: { code: '01858' },
      effectiveOn: '2024-01-01',
    });
  const receipt = (more: object) =>
    ok('/v1/receipts', {
      ...on('2024-02-01'),
      account: 'nh-1',
      commodity: 'VND',
      donor: 'cty-a',
      source: 'voluntary',
      ...more,
    });
  // PT-000001 … PT-000004
  await receipt({ amount: '1792362000', narrative: 'Ủng hộ đợt 1', place: { code: '01858' } });
  await receipt({ amount: '1250', commodity: 'EUR', account: 'tien-mat' });
  await receipt({
    amount: '20',
    commodity: 'xe-dap',
    account: 'kho-1',
    valuation: { amount: '40000000', commodity: 'VND', technique: 'invoice' },
  });
  await receipt({ amount: '150050', commodity: 'gao', account: 'kho-1' });
  const pay = async (commodity: string, account: string, amounts: readonly string[]): Promise<void> => {
    const proposal = await post('/v1/disbursements', {
      ...on('2024-03-01'),
      commodity,
      amount: String(amounts.reduce((n, each) => n + Number(each), 0)),
      programme: 'ao-am',
      payee: 'Bà Nguyễn Thị Hường',
      lines: amounts.map((amount, i) => ({
        amount,
        beneficiary: `tre-${i + 1}`,
        place: { code: '01858' },
        children: 1,
      })),
    });
    const [event] = proposal.body['events'] as { hash: string }[];
    const step = { ...on('2024-03-02'), disbursement: proposal.key };
    await ok(
      `/v1/disbursements/${proposal.key}/approve`,
      { ...step, proposalHash: event?.hash },
      { actor: 'duyet' },
    );
    await ok(`/v1/disbursements/${proposal.key}/pay`, { ...step, account }, { actor: 'thu-quy' });
  };
  // PC-000001, PC-000002
  await pay('VND', 'nh-1', ['1500000', '500000']);
  await pay('xe-dap', 'kho-1', ['1', '1']);
});

afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(pdfJudge === undefined)('a receipt in đồng', () => {
  it('is read with the seven contents, Nợ and Có of the profile, and the name of the payer', async () => {
    const { entries, person, total, unit, blank, day, narrative } = await read(`${SERIES}/PT-000001`);
    expect({ person, total, unit, blank, day, narrative }).toStrictEqual({
      person: { id: 'cty-a', name: 'Công ty Á Châu', address: 'Xã Bằng Thành, Huyện Pác Nặm, Tỉnh Bắc Kạn' },
      total: {
        amount: '1792362000',
        commodity: 'VND',
        exponent: 0,
        unit: 'đồng',
        words: 'Một tỷ bảy trăm chín mươi hai triệu ba trăm sáu mươi hai nghìn đồng',
      },
      unit: { name: 'Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn', address: 'Tỉnh Bắc Kạn' },
      blank: ['signatures'],
      day: '2024-02-01',
      narrative: 'Ủng hộ đợt 1',
    });
    expect(entries).toStrictEqual([
      { debit: '112:nh-1', credit: '3661', commodity: 'VND', amount: '1792362000', exponent: 0 },
    ]);
  });

  it('on paper is a draft until it is printed', async () => {
    const bytes = await pdf(`${SERIES}/PT-000001?format=pdf`);
    expect(linesOf(pagesOf(bytes))).toStrictEqual([
      'BẢN NHÁP / DRAFT',
      'Đơn vị: Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn | Mẫu số: 01-TT',
      'Địa chỉ: Tỉnh Bắc Kạn | Quyển số: ....................',
      'Số: PT-000001',
      'Nợ: 112:nh-1',
      'Có: 3661',
      'PHIẾU THU',
      'RECEIPT',
      'Ngày 01 tháng 02 năm 2024',
      'Họ và tên người nộp tiền: Công ty Á Châu',
      'Địa chỉ: Xã Bằng Thành, Huyện Pác Nặm, Tỉnh Bắc Kạn',
      'Lý do nộp: Tiếp nhận đóng góp: Ủng hộ đợt 1',
      'Tài khoản nhận: nh-1',
      'Số tiền: 1.792.362.000 đồng',
      'Viết bằng chữ: Một tỷ bảy trăm chín mươi hai triệu ba trăm sáu mươi hai nghìn đồng',
      'Kèm theo: .......... chứng từ gốc',
      'Ngày ..... tháng ..... năm .........',
      'Thủ trưởng đơn vị | Kế toán trưởng | Người nộp tiền | Người lập phiếu | Thủ quỹ',
      '(Ký, họ tên, đóng dấu) | (Ký, họ tên) | (Ký, họ tên) | (Ký, họ tên) | (Ký, họ tên)',
      'Đã nhận đủ số tiền (viết bằng chữ):',
      'PHIẾU THU PT-000001 · qbt-06 · sổ năm 2024 | Trang 1/1',
      `Bản nháp, chưa in để ký · số liệu đến vị trí ${head} · vn-public`,
    ]);
    expect(acrossOf(bytes)).toContain('NHÁP');
    expect(
      fontsOf(bytes).map(({ name, ...rest }) => ({ ...rest, family: name.split('+')[1]?.split('-')[0] })),
    ).toStrictEqual(
      Array.from({ length: 3 }, () => ({ embedded: 'yes', subset: 'yes', unicode: 'yes', family: 'Tinos' })),
    );
  });

  it('for somebody who gives no name, shows nobody’s', async () => {
    const lines = await printed(`${SERIES}/PT-000001?format=pdf`, '');
    expect(lines).toContain('Họ và tên người nộp tiền: mã cty-a');
    expect(lines.join('\n')).not.toMatch(/Á Châu|Ủng hộ/);
  });
});

describe.skipIf(pdfJudge === undefined)('a voucher of', () => {
  it('foreign currency is in words of that currency, with room for the rate', async () => {
    const lines = await printed(`${SERIES}/PT-000002?format=pdf`);
    expect(lines).toContain('Số tiền: 12,50 EUR');
    expect(lines).toContain('Viết bằng chữ: Mười hai euro và năm mươi cent');
    expect(lines.filter((line) => /Tỷ giá|quy đổi/.test(line))).toStrictEqual([
      'Tỷ giá ngoại tệ:',
      'Số tiền quy đổi:',
    ]);
  });

  it('goods with a value says quantity, price and value', async () => {
    const lines = await printed(`${SERIES}/PT-000003?format=pdf`);
    expect(lines).toContain('PHIẾU NHẬP KHO KIÊM BIÊN BẢN GIAO NHẬN');
    expect(lines).toContain('Viết bằng chữ: Hai mươi chiếc');
    expect(lines).toContain('Viết bằng chữ: Bốn mươi triệu đồng');
    expect(lines).toContain('xe-dap | chiếc | 20 | 2.000.000 | 40.000.000 đồng');
  });

  it('goods by weight reads the decimals', async () => {
    expect(await printed(`${SERIES}/PT-000004?format=pdf`)).toContain(
      'Viết bằng chữ: Một nghìn năm trăm phẩy năm kg',
    );
  });

  it('a payment names the receiver, who proposed and who approved, and children as numbers', async () => {
    const voucher = await read(`${SERIES}/PC-000001`);
    expect([voucher['recordedBy'], voucher['proposedBy'], voucher['approvedBy']]).toStrictEqual([
      'thu-quy',
      'ke-toan',
      'duyet',
    ]);
    const lines = await printed(`${SERIES}/PC-000001?format=pdf`);
    expect(lines).toContain('PHIẾU CHI');
    expect(lines).toContain('Họ và tên người nhận tiền: Bà Nguyễn Thị Hường');
    expect(lines).toContain('Chương trình: Áo ấm cho em');
    expect(lines).toContain('Số tiền: 2.000.000 đồng');
    expect(lines.join('\n')).toMatch(/Số tre-1/);
    expect(lines.join('\n')).not.toMatch(/Lý Thị Mẩy/);
  });

  it('goods handed over is an issue', async () => {
    const lines = await printed(`${SERIES}/PC-000002?format=pdf`);
    expect(lines).toContain('PHIẾU XUẤT KHO KIÊM BIÊN BẢN BÀN GIAO');
    expect(lines).toContain('Số lượng: 2 chiếc');
  });
});

describe.skipIf(pdfJudge === undefined)('the list of a payment', () => {
  const LIST = `${SERIES}/PC-000001?format=pdf&form=list`;
  it('has a line to sign for each child, as a number', async () => {
    const lines = await printed(LIST);
    expect(lines).toContain('Danh sách chi hỗ trợ');
    expect(lines.join('\n')).toMatch(/Ký nhận/);
    expect(
      lines.filter((line) => /^\d \|? ?Số tre-/.test(line)).map((line) => line.split(' | ').at(-1)),
    ).toStrictEqual(['1.500.000', '500.000']);
    expect(lines).toContain('Tổng cộng | 2 | 2.000.000');
    expect(lines.join('\n')).not.toMatch(/Lý Thị|Hoàng Văn/);
  });

  it('has their names when somebody who may read the vault asks', async () => {
    const text = (await printed(`${LIST}&names=true`)).join('\n');
    expect(text).toMatch(/Lý Thị Mẩy/);
    expect(text).toMatch(/Hoàng Văn Páo/);
    const { statusCode, headers } = await get(`${LIST}&names=true`, '');
    expect([statusCode, headers['content-type']]).toStrictEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('is marked as the print of its voucher is', async () => {
    const stamps: unknown[] = [];
    for (let i = 0; i < 2; i += 1) {
      const key = await ok(`${SERIES}/PC-000001/prints`, {});
      stamps.push((await printed(`${LIST}&print=${key}`)).find((line) => line.includes('BẢN')));
    }
    expect(stamps).toStrictEqual([undefined, 'BẢN SAO SỐ 1 / COPY No. 1']);
    expect((await printed(LIST)).find((line) => line.includes('BẢN'))).toBe('BẢN NHÁP / DRAFT');
  });

  it('of a receipt there is none', async () => {
    expect((await read(`${SERIES}/PT-000001?format=pdf&form=list`))['code']).toBe('VOUCHER_HAS_NO_LIST');
  });
});

describe.skipIf(pdfJudge === undefined)('prints', () => {
  const at = (key: string, actor?: string) => pdf(`${SERIES}/PT-000002?format=pdf&print=${key}`, actor);
  /** What a print must bear, out of what the ledger knows of it; throws where the paper says something else. */
  const assertMark = (bytes: Buffer, print: number): void => {
    const lines = linesOf(pagesOf(bytes));
    const stamps = lines.filter((line) => /BẢN SAO SỐ|BẢN NHÁP/.test(line));
    expect(stamps).toStrictEqual(print === 1 ? [] : [`BẢN SAO SỐ ${print - 1} / COPY No. ${print - 1}`]);
    expect(lines.at(-1)).toMatch(
      print === 1 ? /^Bản chính, in lúc/ : new RegExp(`^Bản sao số ${print - 1}, in lúc`),
    );
  };
  const keys: string[] = [];

  it('are counted: the first is the original, later ones copies', async () => {
    for (const print of [1, 2, 3]) {
      const key = await ok(`${SERIES}/PT-000002/prints`, {});
      keys.push(key);
      assertMark(await at(key), print);
    }
    const { prints } = (await read(`${SERIES}/PT-000002`)) as { prints: { print: number; actor: string }[] };
    expect(prints.map(({ print, actor }) => [print, actor])).toStrictEqual([
      [1, 'ke-toan'],
      [2, 'ke-toan'],
      [3, 'ke-toan'],
    ]);
    expect(JSON.stringify(prints)).not.toContain(keys[0]);
  });

  it('with another mark than their number are found out', async () => {
    const [original = '', copy = ''] = keys;
    const [first, second] = [await at(original), await at(copy)];
    expect(() => assertMark(second, 1)).toThrow('BẢN SAO SỐ 1');
    expect(() => assertMark(second, 3)).toThrow('BẢN SAO SỐ 2');
    expect(() => assertMark(first, 2)).toThrow('BẢN SAO SỐ 1');
  });

  it('asked for again are the same bytes', async () => {
    const [, key = ''] = keys;
    const url = `${SERIES}/PT-000002?format=pdf&print=${key}&knownAt=${head}`;
    expect((await pdf(url)).equals(await pdf(url))).toBe(true);
  });

  it('sent again with their key are counted once', async () => {
    const key = await ok(`${SERIES}/PT-000001/prints`, {});
    expect(await ok(`${SERIES}/PT-000001/prints`, {}, { key })).toBe(key);
    expect(((await read(`${SERIES}/PT-000001`)) as { prints: unknown[] }).prints).toHaveLength(1);
  });

  it('of somebody else, or that never were, are not to be had', async () => {
    const [original = ''] = keys;
    for (const [key, actor] of [
      [original, 'nguoi-khac'],
      [randomUUID(), 'ke-toan'],
    ] as const)
      expect((await read(`${SERIES}/PT-000002?format=pdf&print=${key}`, actor))['code']).toBe(
        'PRINT_UNKNOWN',
      );
  });

  it('of a voucher that was not written are refused', async () => {
    for (const voucher of ['PT-000099', 'DC-000001', 'PT-000000', 'XX-000001'])
      expect((await post(`${SERIES}/${voucher}/prints`, {})).body['code']).toBe('VOUCHER_NOT_WRITTEN');
    expect((await post(`${SERIES}/PT-1/prints`, {})).status).toBe(400);
  });
});

describe.skipIf(pdfJudge === undefined)('a voided voucher', () => {
  it('stays in its series, says so on paper, and its successor names it', async () => {
    const { rows } = (await read(`${SERIES}?kind=receipt`)) as { rows: { voucher: string; item: string }[] };
    const item = rows.find(({ voucher }) => voucher === 'PT-000002')?.item;
    await ok('/v1/vouchers/void', { ...on('2024-04-01'), item, voucher: 'PT-000002', reason: 'in sai' });
    const listed = (await read(`${SERIES}?kind=receipt`)) as { rows: Record<string, unknown>[] };
    expect(
      listed.rows.map(({ voucher, status, replacedBy, replaces }) => [voucher, status, replacedBy, replaces]),
    ).toStrictEqual([
      ['PT-000001', 'written', null, null],
      ['PT-000002', 'voided', 'PT-000005', null],
      ['PT-000003', 'written', null, null],
      ['PT-000004', 'written', null, null],
      ['PT-000005', 'written', null, 'PT-000002'],
    ]);
    const voided = await pdf(`${SERIES}/PT-000002?format=pdf`);
    expect(linesOf(pagesOf(voided))[0]).toBe('ĐÃ HỦY / VOIDED – BẢN NHÁP / DRAFT');
    expect(linesOf(pagesOf(voided))).toContain('Tình trạng: Đã hủy, thay bằng PT-000005');
    expect(acrossOf(voided).replaceAll(/\s/g, '')).toContain('ĐÃHỦY');
    const anew = await printed(`${SERIES}/PT-000005?format=pdf`);
    expect(anew).toContain('Số tiền: 12,50 EUR');
    expect(anew).toContain('Viết lại thay cho: PT-000002 (đã hủy)');
    expect(anew).toContain('Nợ: 111:tien-mat');
  });

  it('printed again is a voided copy', async () => {
    const key = await ok(`${SERIES}/PT-000002/prints`, {});
    expect((await printed(`${SERIES}/PT-000002?format=pdf&print=${key}`))[0]).toBe(
      'ĐÃ HỦY / VOIDED – BẢN SAO SỐ 3 / COPY No. 3',
    );
  });

  it('comes page by page too', async () => {
    const seen: string[] = [];
    let after = '';
    do {
      const page = (await read(`${SERIES}?limit=2${after}`)) as {
        rows: { voucher: string }[];
        next: string | null;
      };
      seen.push(...page.rows.map(({ voucher }) => voucher));
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(seen).toStrictEqual([
      'PC-000001',
      'PC-000002',
      'PT-000001',
      'PT-000002',
      'PT-000003',
      'PT-000004',
      'PT-000005',
    ]);
  });
});

describe('signed files', () => {
  const CADES = Buffer.from('308006092a864886f70d010702a0800201', 'hex');
  const PADES = Buffer.from(
    '%PDF-1.7\n1 0 obj<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]>>\n%%EOF',
  );
  /** What the detached signature signs. */
  const PAPER = Buffer.from('%PDF-1.7\n%%EOF');
  const send = (bytes: Buffer, key = randomUUID() as string, type = 'application/pkcs7-signature') =>
    serving.app.inject({
      method: 'POST',
      url: `${SERIES}/PT-000003/signed-files`,
      headers: { 'content-type': type, 'idempotency-key': key, 'lalanh-actor': 'ke-toan' },
      payload: bytes,
    });

  it('are kept, listed with the voucher and downloaded as they were', async () => {
    for (const [bytes, type] of [
      [CADES, 'application/pkcs7-signature'],
      [PADES, 'application/pdf'],
      [PAPER, 'application/pdf'],
    ] as const) {
      const answer = await send(bytes, undefined, type);
      expect(answer.statusCode).toBe(201);
      head = String((JSON.parse(answer.body) as { position: number }).position);
    }
    const { files } = (await read(`${SERIES}/PT-000003`)) as {
      files: { format: string; href: string; bytes: number }[];
    };
    expect(files.map(({ format, bytes }) => [format, bytes])).toStrictEqual([
      ['cades', CADES.length],
      ['pades', PADES.length],
      ['pdf', PAPER.length],
    ]);
    for (const [i, bytes] of [CADES, PADES, PAPER].entries())
      expect((await get(files[i]?.href ?? '')).rawPayload.equals(bytes)).toBe(true);
    const list = (await read(`${SERIES}?kind=receipt`)) as { rows: { voucher: string; files: number }[] };
    expect(list.rows.find(({ voucher }) => voucher === 'PT-000003')?.files).toBe(3);
  });

  it('a second time are refused, and what is neither signature nor paper always', async () => {
    const code = async (bytes: Buffer) => (JSON.parse((await send(bytes)).body) as { code: string }).code;
    expect(await code(CADES)).toBe('VOUCHER_FILE_ATTACHED');
    expect(await code(Buffer.from('hello'))).toBe('VOUCHER_FILE_KIND');
  });
});
