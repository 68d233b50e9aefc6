import { everything } from '#access';
import { type BookRow, exponentsOf, readBooks, readFundBalances } from '#funds';
import type { Reads } from '#http';
import { formatVietnamese } from '#kernel';

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Code of a province as places write it; the annual table is a province's. */
const PROVINCE = /^\d{2}(?=-)/;

/** A link to the annual table of every province and year that has a book. */
function annualLinks(books: readonly BookRow[]): string {
  const tables = new Set(
    books.flatMap(({ place, year }) => {
      const unit = PROVINCE.exec(place ?? '')?.[0];
      return unit === undefined ? [] : [`unit=${unit}&amp;year=${year}`];
    }),
  );
  return [...tables]
    .toSorted()
    .map((query) => {
      const [unit = '', year = ''] = query.split('&amp;').map((part) => part.split('=')[1] ?? '');
      const title = `Bảng kinh phí năm ${year}, tỉnh ${unit}`;
      return `<li><a href="/v1/reports/annual?${query}">${title}</a> <small>annual funding table</small></li>\n`;
    })
    .join('');
}

/** The home page: what each fund holds now, and where to look next. */
export async function homePage(reads: Reads): Promise<string> {
  const scope = everything('khach');
  const { rows: books } = await readBooks(reads, { scope });
  const { rows, position } = await readFundBalances(reads, { scope });
  const exponentOf = exponentsOf(books);
  const names = new Map(books.map(({ fund, name }) => [fund, name]));
  const lines = rows.map(({ key, commodity, sums }) => {
    const cells = [sums.received, sums.available, sums.committed, sums.paid].map(
      (amount) => `<td class="n">${formatVietnamese(amount, exponentOf(commodity))}</td>`,
    );
    const name = escape(names.get(key ?? '') ?? key ?? '');
    return `<tr><td>${name}<br><small>${escape(key ?? '')}</small></td><td>${escape(commodity)}</td>${cells.join('')}</tr>`;
  });
  const none = '<tr><td colspan="6">Chưa có số liệu · nothing recorded yet</td></tr>';
  return `<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Lá Lành</title><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1b2b20}
table{border-collapse:collapse;width:100%}th,td{padding:.4rem .6rem;border-bottom:1px solid #cfd8d2;text-align:left}
.n{text-align:right;font-variant-numeric:tabular-nums}small{color:#5a6b60}a{color:#0a6b3d}
</style></head><body><h1>Lá Lành</h1>
<p>Lá lành đùm lá rách. Sổ cái cho các quỹ giúp đỡ trẻ em.<br><small>A ledger for funds that help children.</small></p>
<h2>Số dư theo quỹ <small>Balances by fund</small></h2>
<table><thead><tr><th>Quỹ<br><small>Fund</small></th><th>Loại<br><small>Commodity</small></th>
<th class="n">Đã nhận<br><small>Received</small></th><th class="n">Còn dùng được<br><small>Available</small></th>
<th class="n">Đã duyệt chi<br><small>Committed</small></th><th class="n">Đã chi<br><small>Paid</small></th></tr></thead>
<tbody>${lines.join('') || none}</tbody></table>
<p><small>Đến sự kiện số ${position} · up to event ${position}</small></p>
<ul><li><a href="/docs">Tài liệu API và thử ngay</a> <small>API, try it</small></li>
${annualLinks(books)}<li><a href="/v1/balances/district">Số dư theo huyện</a> <small>balances by district</small></li>
<li><a href="/v1/journal">Nhật ký chung</a> <small>journal</small></li>
<li><a href="/v1/events">Nhật ký sự kiện</a> <small>the log itself</small></li></ul></body></html>`;
}
