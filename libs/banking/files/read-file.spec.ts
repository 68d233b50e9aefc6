import writeXlsx from 'write-excel-file/node';
import { describe, expect, test } from 'vitest';
import type { ReadStatement } from '../domain/statement.ts';
import { readStatementFile } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(text: string | Uint8Array, bin: string | null = null): Promise<readonly ReadStatement[]> {
  const result = await readStatementFile(typeof text === 'string' ? bytes(text) : text, {
    saved: [],
    bin,
    commodity: 'VND',
  });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** What of a line matters to most tests. */
const short = ({ lines }: ReadStatement): unknown[] =>
  lines.map(({ bookedOn, amount, direction, balance, narrative, bankRef }) => [
    bookedOn,
    direction === 'in' ? amount : -amount,
    balance,
    narrative,
    bankRef,
  ]);

describe('a CSV statement', () => {
  test('of Vietcombank has the date and the document number in one cell', async () => {
    const [statement] = await read(
      [
        'NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM',
        'Số tài khoản / Account No: 0071000123456;Loại tiền/Currency: VND',
        'Từ ngày 01/03/2026 đến ngày 31/03/2026',
        'Số dư đầu kỳ: 1,000,000 VND',
        'TNX Date/ Doc No;Debit;Credit;Balance;Transactions in detail',
        '"02/03/2026\n5078 - 61.22";;500,000;1,500,000;MBVCB.111.QBT26000123K.CT tu 001 NGUYEN VAN A',
        '"03/03/2026\n5079 - 1";200,000;;1,300,000;Chi ao am',
        'Tổng cộng;200,000;500,000;;',
        'Số dư cuối kỳ;;;1,300,000;',
      ].join('\r\n'),
      '970436',
    );
    expect(statement).toMatchObject({
      layout: 'vietcombank-2',
      bin: '970436',
      accountNumbers: ['0071000123456'],
      from: '2026-03-01',
      to: '2026-03-31',
      opening: 1_000_000n,
      closing: 1_300_000n,
      exceptions: [],
    });
    expect(statement && short(statement)).toStrictEqual([
      ['2026-03-02', 500_000n, 1_500_000n, 'MBVCB.111.QBT26000123K.CT tu 001 NGUYEN VAN A', '5078 - 61.22'],
      ['2026-03-03', -200_000n, 1_300_000n, 'Chi ao am', '5079 - 1'],
    ]);
  });

  test('of BIDV has day rows of balances between its lines, and an old account number', async () => {
    const [statement] = await read(
      [
        'BIDV\tSao kê tài khoản',
        'Số tài khoản: 21510000123456\tSố tài khoản cũ/OLD: 215100009',
        'STT\tNgày GD\tSố tham chiếu\tMô tả\tPS Nợ\tPS Có\tSố dư',
        '\t\t\tDư đầu\t\t\t100,000',
        '1\t01/04/2026\tA1\tUng ho\t0\t50,000\t150,000',
        '\t\t\tcuối ngày\t\t\t150,000',
        '2\t15/04/2026\tA2\tPhi\t1,100\t0\t148,900',
        '\t\t\tDư cuối\t\t\t148,900',
      ].join('\n'),
      '970418',
    );
    expect(statement).toMatchObject({
      layout: 'bidv-2',
      bin: '970418',
      accountNumbers: ['21510000123456', '215100009'],
      opening: 100_000n,
      closing: 148_900n,
      exceptions: [],
    });
    expect(statement && short(statement)).toStrictEqual([
      ['2026-04-01', 50_000n, 150_000n, 'Ung ho', 'A1'],
      ['2026-04-15', -1_100n, 148_900n, 'Phi', 'A2'],
    ]);
  });

  test('of VietinBank leaves dates blank below the first, and breaks narratives over rows', async () => {
    const [statement] = await read(
      [
        'VietinBank eFAST,,,,,',
        ...Array.from({ length: 19 }, (_, i) => `dòng đầu ${i},,,,,`),
        'Ngày hạch toán,Mô tả giao dịch,Nợ/Debit,Có/Credit,Số dư TK,Số giao dịch',
        '05/05/2026 08:00:01,UNG HO,,"300,000","300,000",11',
        ',TRE EM VUNG CAO,,,,',
        ',CHUYEN NHAM,,"5,000","305,000",12',
      ].join('\n'),
      '970415',
    );
    expect(statement?.layout).toBe('vietinbank-efast');
    expect(statement && short(statement)).toStrictEqual([
      ['2026-05-05', 300_000n, 300_000n, 'UNG HO TRE EM VUNG CAO', '11'],
      ['2026-05-05', 5_000n, 305_000n, 'CHUYEN NHAM', '12'],
    ]);
  });

  test('of MB ends with totals that have no date', async () => {
    const [statement] = await read(
      [
        'MB BANK;;;;;',
        'Ngày hạch toán (Posting date);Ngày giao dịch (Transaction date);PS nợ;PS có;Số dư;Nội dung',
        '06/05/2026;05/05/2026 23:59:59;;1,000,000.00;1,000,000.00;FT26126 ung ho',
        '07/05/2026;07/05/2026 10:00:00;250,000.00;;750,000.00;mua ao',
        ';;250,000.00;1,000,000.00;;',
      ].join('\n'),
      '970422',
    );
    expect(statement).toMatchObject({ layout: 'mb-1', exceptions: [], closing: 750_000n, opening: 0n });
    expect(statement?.lines.map(({ bookedOn, valueOn }) => [bookedOn, valueOn])).toStrictEqual([
      ['2026-05-06', '2026-05-05'],
      ['2026-05-07', '2026-05-07'],
    ]);
  });

  test('of Agribank repeats a document number on other days', async () => {
    const [statement] = await read(
      [
        'AGRIBANK,,,,,,',
        'Date,Time,DocNo,Details,Debit,Credit,Balance,Offset account',
        '01/06/2026,08:00,77,Ung ho,,"500,000","500,000",150020',
        '02/06/2026,08:00,77,Ung ho,,"500,000","1,000,000",150020',
      ].join('\n'),
      '970405',
    );
    expect(statement?.layout).toBe('agribank-1');
    expect(statement?.lines.map(({ bankRef, counterparty }) => [bankRef, counterparty])).toStrictEqual([
      ['77', '150020'],
      ['77', '150020'],
    ]);
  });

  test('that begins with the newest line is turned round, and reads in UTF-16 as well', async () => {
    const text = [
      'Ngày\tDiễn giải\tGhi nợ\tGhi có\tSố dư',
      '02/02/2026\tb\t10.000\t\t40.000',
      '01/02/2026\ta\t\t50.000\t50.000',
    ].join('\n');
    const utf16 = new Uint8Array([0xff, 0xfe, ...new Uint8Array(Buffer.from(text, 'utf16le'))]);
    for (const file of [bytes(text), bytes(`\ufeff${text}`), utf16]) {
      const [statement] = await read(file);
      expect(statement && short(statement)).toStrictEqual([
        ['2026-02-01', 50_000n, 50_000n, 'a', null],
        ['2026-02-02', -10_000n, 40_000n, 'b', null],
      ]);
      expect(statement?.layout).toBe('detected');
    }
  });

  test('takes months first when a day says so', async () => {
    const [statement] = await read('Date,Description,Amount\n01/31/2026,a,+5\n02/01/2026,b,-3');
    expect(statement?.lines.map(({ bookedOn, direction }) => [bookedOn, direction])).toStrictEqual([
      ['2026-01-31', 'in'],
      ['2026-02-01', 'out'],
    ]);
  });

  test('of several accounts is several statements', async () => {
    const statements = await read(
      [
        'Số tài khoản: 111111111',
        'Ngày;Nội dung;Ghi nợ;Ghi có;Số dư',
        '01/02/2026;a;;7;7',
        'Số tài khoản: 222222222',
        'Ngày;Nội dung;Ghi nợ;Ghi có;Số dư',
        '03/02/2026;b;;9;9',
      ].join('\n'),
    );
    expect(statements.map(({ accountNumbers, lines }) => [accountNumbers, lines.length])).toStrictEqual([
      [['111111111'], 1],
      [['222222222'], 1],
    ]);
  });

  test('keeps two equal lines of one day', async () => {
    const [statement] = await read('Ngày;Nội dung;Ghi nợ;Ghi có\n01/02/2026;a;;7\n01/02/2026;a;;7\n');
    expect(statement?.lines).toHaveLength(2);
  });
});

test('an HTML page saved as .xls is read as its table', async () => {
  const [statement] = await read(
    `<html><head><meta charset="utf-8"></head><body><table>
     <tr><td colspan="5">Số tài khoản: 0071000123456 &nbsp; VIETCOMBANK</td></tr>
     <tr><th>Ngày giao dịch</th><th>Số tham chiếu</th><th>Ghi nợ</th><th>Ghi có</th><th>Mô tả</th></tr>
     <tr><td>01/02/2026</td><td>X.1</td><td></td><td>1.000.000</td><td>Ung ho<br>tre em &amp; ban</td></tr>
     </table></body></html>`,
    '970436',
  );
  expect(statement).toMatchObject({ format: 'html', bin: '970436', accountNumbers: ['0071000123456'] });
  expect(statement && short(statement)).toStrictEqual([
    ['2026-02-01', 1_000_000n, null, 'Ung ho tre em & ban', 'X.1'],
  ]);
});

test('an XLSX keeps large numbers and days exact', async () => {
  const cell = (value: string | number): object => ({
    value,
    type: typeof value === 'number' ? Number : String,
  });
  const file = await writeXlsx([
    ['Ngày', 'Nội dung', 'Ghi nợ', 'Ghi có', 'Số dư'].map(cell),
    [cell(46_054), cell('Ung ho'), cell(''), cell(95_076_000), cell(95_076_000)],
    [cell('02/02/2026'), cell('Chi'), cell('76.000'), cell(''), cell('95.000.000')],
  ] as never).toBuffer();
  const [statement] = await read(new Uint8Array(file));
  expect(statement?.format).toBe('xlsx');
  expect(statement && short(statement)).toStrictEqual([
    ['2026-02-01', 95_076_000n, 95_076_000n, 'Ung ho', null],
    ['2026-02-02', -76_000n, 95_000_000n, 'Chi', null],
  ]);
});

const camt = (version: string, entries: string, closing = '1500'): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt>
<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-02-02T00:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S</Id><Acct><Id><Othr><Id>0071000123456</Id></Othr></Id><Ccy>VND</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">1000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>
<Amt Ccy="VND">${closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-02</Dt></Dt></Bal>
${entries}</Stmt></BkToCstmrStmt></Document>`;

const entry = (amount: string, sign: string, status: string, more = ''): string =>
  `<Ntry><Amt Ccy="VND">${amount}</Amt><CdtDbtInd>${sign}</CdtDbtInd><Sts>${status}</Sts>
<BookgDt><Dt>2026-02-02</Dt></BookgDt><BkTxCd/>${more}</Ntry>`;

describe('camt.053', () => {
  test('of .02 names the party without a wrapper and the status as text', async () => {
    const details = `<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>NGUYEN &amp; CO</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>QBT 1</Ustrd></RmtInf></TxDtls></NtryDtls>`;
    const [statement] = await read(camt('02', entry('500.00', 'CRDT', 'BOOK', details)));
    expect(statement).toMatchObject({
      opening: 1000n,
      closing: 1500n,
      exceptions: [],
      layout: 'camt.053.001.02',
    });
    expect(statement?.lines).toMatchObject([
      { amount: 500n, direction: 'in', narrative: 'QBT 1', counterparty: 'NGUYEN & CO' },
    ]);
  });

  test('of .08 wraps the party; a batch that adds up is its details, and what is pending does not count', async () => {
    const part = (amount: string, name: string): string =>
      `<TxDtls><Refs><UETR>${name}</UETR></Refs><Amt Ccy="VND">${amount}</Amt>
<RltdPties><Dbtr><Pty><Nm>${name}</Nm></Pty></Dbtr></RltdPties></TxDtls>`;
    const batch = `<NtryDtls>${part('200', 'A')}${part('300', 'B')}</NtryDtls>`;
    const [statement] = await read(
      camt(
        '08',
        entry('500', 'CRDT', '<Cd>BOOK</Cd>', batch) +
          entry('9', 'CRDT', '<Cd>PDNG</Cd>') +
          entry('0', 'CRDT', '<Cd>BOOK</Cd>'),
      ),
    );
    expect(
      statement?.lines.map(({ amount, counterparty, uniqueRef }) => [amount, counterparty, uniqueRef]),
    ).toStrictEqual([
      [200n, 'A', 'A'],
      [300n, 'B', 'B'],
    ]);
    expect(statement?.exceptions.map(({ code }) => code)).toStrictEqual([
      'ENTRY_NOT_BOOKED',
      'LINE_OF_NOTHING',
    ]);
  });

  test('whose details do not add up to the batch stays one line and says so', async () => {
    const part = (amount: string): string => `<TxDtls><Amt Ccy="VND">${amount}</Amt></TxDtls>`;
    const [statement] = await read(
      camt('04', entry('500', 'CRDT', 'BOOK', `<NtryDtls>${part('1')}${part('2')}</NtryDtls>`)),
    );
    expect(statement?.lines).toHaveLength(1);
    expect(statement?.exceptions.map(({ code }) => code)).toStrictEqual(['BATCH_DIFFERS']);
  });

  test('without any entry is a statement all the same', async () => {
    const [statement] = await read(camt('06', '', '1000'));
    expect(statement).toMatchObject({ lines: [], opening: 1000n, closing: 1000n, from: '2026-02-02' });
  });

  test('with a prefix reads as without', async () => {
    const prefixed = camt('08', entry('500', 'CRDT', '<Cd>BOOK</Cd>'))
      .replace('xmlns=', 'xmlns:d=')
      .replaceAll(/<(\/?)([A-Z])/g, '<$1d:$2');
    expect((await read(prefixed))[0]?.lines).toHaveLength(1);
  });
});

describe('MT940', () => {
  const message = (lines: readonly string[]): string =>
    ['{1:F01X}{2:I940}{4:', ':20:REF', ':25:VCBVVNVX/0071000123456', ':28C:1/1', ...lines, '-}'].join('\r\n');

  test('takes marks, reversals, comma decimals and the turn of the year', async () => {
    const [statement] = await read(
      message([
        ':60F:C251230VND1000,',
        ':61:2512310101C500,NTRFNONREF//B1',
        ':86:?20UNG HO ?21TRE EM?32NGUYEN?33 VAN A?31123456789',
        ':61:2601010101RC200,NTRFX',
        ':86:tra lai',
        ':61:260102D100,NMSCX',
        ':62F:C260102VND1200,',
      ]),
    );
    expect(statement).toMatchObject({
      accountNumbers: ['0071000123456'],
      opening: 1000n,
      closing: 1200n,
      exceptions: [],
      from: '2025-12-30',
      to: '2026-01-02',
    });
    expect(statement?.lines).toMatchObject([
      {
        bookedOn: '2026-01-01',
        valueOn: '2025-12-31',
        amount: 500n,
        direction: 'in',
        narrative: 'UNG HO TRE EM',
        counterparty: 'NGUYEN VAN A · 123456789',
        bankRef: 'B1',
      },
      { bookedOn: '2026-01-01', amount: 200n, direction: 'out', narrative: 'tra lai X' },
      { bookedOn: '2026-01-02', amount: 100n, direction: 'out', narrative: 'X' },
    ]);
  });

  test('takes 30 February for the last day of the month and says so', async () => {
    const [statement] = await read(
      message([':60F:C260227VND0,', ':61:2602300230C5,NTRFNONREF', ':62F:C260228VND5,']),
    );
    expect(statement?.lines.map(({ bookedOn }) => bookedOn)).toStrictEqual(['2026-02-28']);
    expect(statement?.exceptions.map(({ code }) => code)).toStrictEqual(['DATE_IMPOSSIBLE']);
  });
});
