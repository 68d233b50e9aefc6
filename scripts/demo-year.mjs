// `npm run demo:year`: a made-up fund's whole year 2024 in ./data-nam-2024, its books in so-sach/, served.
// Running it again records nothing twice.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lalanh } from './lalanh.mjs';
import { prepare } from './prepare.mjs';
import { root, say, stop } from './say.mjs';

const FUND = ['--fund', 'qbt-vd', '--year', '2024'];
/** What is printed at the end of the year; the ledgers name the account they are of. */
const BOOKS = [
  ['journal'],
  ['cash-book'],
  ['bank-book', '--account', 'vcb'],
  ['bank-book', '--account', 'bidv'],
  ['bank-book', '--account', 'agri'],
  ['trial-balance'],
  ['receipts-and-uses-by-source'],
  ['receipts-and-uses-by-recipient'],
  ['activities'],
  ['disclosure-year'],
];

/** Two vouchers of each kind; `lalanh voucher` prints any other. */
const VOUCHERS = ['PT-000010', 'PT-000011', 'PC-000010', 'PC-000011'];

await prepare();
const data = join(root, 'data-nam-2024');
const books = join(data, 'so-sach');
const env = { LALANH_DATA: data };

const must = async (args, vi, en) => {
  const code = await lalanh(args, env);
  if (code !== 0) stop(vi, en, code);
};

say('Làm việc của 12 tháng vào ./data-nam-2024', 'Doing the work of twelve months in ./data-nam-2024');
await must(
  ['work', join(root, 'demo', 'nam-2024')],
  'Năm chưa làm xong (xem ở trên). Nếu có chương trình khác đang giữ ./data-nam-2024, hãy dừng nó trước.',
  'The year was not finished (see above). If another program holds ./data-nam-2024, stop it first.',
);
mkdirSync(books, { recursive: true });
say(`In sổ vào ${books}`, 'Printing the books there');
for (const [name, ...more] of BOOKS) {
  const out = join(books, `${[name, ...more.slice(1)].join('-')}.pdf`);
  await must(
    ['book', name, ...FUND, ...more, '--format', 'pdf', '--out', out],
    `Không in được ${name}.`,
    `${name} was not printed.`,
  );
}
for (const number of VOUCHERS)
  await must(
    ['voucher', number, ...FUND, '--format', 'pdf', '--out', join(books, `${number}.pdf`)],
    `Không in được ${number}.`,
    `${number} was not printed.`,
  );
for (const tool of ['hledger', 'ledger', 'beancount'])
  await must(
    ['export', '--format', tool, '--assertions', '--out', join(books, `nam-2024.${tool}`)],
    `Không xuất được cho ${tool}.`,
    `The export for ${tool} was not written.`,
  );
const judged = spawnSync('hledger', ['-s', '-f', join(books, 'nam-2024.hledger'), 'check'], {
  encoding: 'utf8',
});
if (judged.error === undefined)
  say(
    judged.status === 0
      ? 'hledger đọc tệp xuất và đồng ý với mọi số dư cuối tháng'
      : `hledger: ${judged.stderr}`,
    judged.status === 0
      ? 'hledger reads the export and agrees with every balance of a month’s end'
      : 'hledger disagrees',
  );
await must(['verify', '--all'], 'Kiểm tra thấy sai lệch.', 'The check found something.');
process.exitCode = await lalanh(['serve', ...process.argv.slice(2)], env);
