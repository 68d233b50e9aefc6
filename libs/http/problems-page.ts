import type { Type } from '@nestjs/common';
import type { RefusalText } from '#kernel';
import { pageEndpoint } from './page-endpoint.ts';

/** Placeholders stand as `{amount}` in the texts; there is no other markup in them. */
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const rowOf = ([code, text]: [string, RefusalText]): string =>
  `<tr id="${code}"><td><code>${code}</code><br><small>${text.status}</small></td>` +
  `<td>${escape(text.vi)}<br><small>${escape(text.nextVi)}</small></td>` +
  `<td>${escape(text.en)}<br><small>${escape(text.nextEn)}</small></td></tr>`;

/** The page that the `type` of every problem detail points to: all codes, what they mean, what to do next. */
export function problemsPage(table: Readonly<Record<string, RefusalText>>): Type {
  const rows = Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const body = `<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Lá Lành: mã lỗi</title><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b2b20}
table{border-collapse:collapse;width:100%}th,td{padding:.4rem .6rem;border-bottom:1px solid #cfd8d2;text-align:left;
vertical-align:top}small{color:#5a6b60}tr:target{background:#e8f4ec}
</style></head><body><h1>Mã lỗi <small>Problem codes</small></h1>
<table><thead><tr><th>Mã · Code</th><th>Nghĩa và việc cần làm</th><th>Meaning, and what to do</th></tr></thead>
<tbody>${rows.map(rowOf).join('\n')}</tbody></table></body></html>`;
  return pageEndpoint('/docs/problems', () => ({ type: 'text/html; charset=utf-8', body }));
}
