import { formatUnits, isCurrency, nextDay } from '#kernel';
import { ROOTS, type Tool, type ToolAccount, type ToolEntry } from './tool.ts';

const accountName = ({ kind, fund, code, own }: ToolAccount): string =>
  [ROOTS[kind], fund, code, ...(own === undefined ? [] : [own])].join(':');

/** Names that are not letters only go in quotes in hledger and ledger. */
const commodityName = (code: string): string => (isCurrency(code) ? code : `"${code}"`);

const amountOf = ({ amount, commodity }: ToolEntry['postings'][number]): string =>
  `${formatUnits(amount, commodity.exponent)} ${commodityName(commodity.code)}`;

const SAMPLE = 1_000n;

/** hledger and ledger: one format with two dialects. */
const plain = (dialect: Pick<Tool, 'assertion' | 'commodity'>): Tool => ({
  accountName,
  commodityName,
  head: (title) => `; ${title}\n\n`,
  account: (account) => `account ${accountName(account)}\n`,
  entry: (entry) => {
    const { day, position, voucher, words, postings } = entry;
    const code = voucher === null ? '' : `(${voucher}) `;
    const lines = postings.map((posting) => `    ${accountName(posting.account)}  ${amountOf(posting)}\n`);
    return `\n${day} * ${code}${words}  ; position:${position}\n${lines.join('')}`;
  },
  ...dialect,
});

/** Postings of nothing that must find a balance, dated as the day they close. */
const balances = (day: string, postings: ToolEntry['postings']): string =>
  postings.length === 0
    ? ''
    : `\n${day} * balances\n${postings
        .map(
          (posting) =>
            `    ${accountName(posting.account)}  ${amountOf({ ...posting, amount: 0n })} = ${amountOf(posting)}\n`,
        )
        .join('')}`;

/**
 * hledger (1.25 and later). It checks assertions in the order of days, so they need no place in the file. Commodities
 * are declared with how they are written, accounts by name: `--strict` finds all of them.
 */
export const hledger: Tool = plain({
  commodity: ({ code, exponent }) =>
    `commodity ${formatUnits(SAMPLE * 10n ** BigInt(exponent), exponent)}${exponent === 0 ? '.' : ''} ${commodityName(code)}\n`,
  assertion: ({ day, balances: postings }) => balances(day, postings),
});

/** ledger (3.x). It checks assertions in the order of the file, so they stand where their day ends. */
export const ledger: Tool = plain({
  commodity: ({ code, exponent }) =>
    `commodity ${commodityName(code)}\n    format ${formatUnits(SAMPLE * 10n ** BigInt(exponent), exponent)} ${commodityName(code)}\n`,
  assertion: ({ day, balances: postings }) => balances(day, postings),
});

const LONGEST_COMMODITY = 24;
/** Names of currencies are three capitals; a good stands behind a mark that none of them has. */
const GOODS_MARK = 'G.';

/** FNV-1a: tells long names apart whose beginnings are the same. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).toUpperCase().padStart(8, '0');
}

/** beancount wants capitals, at most 24 characters, a letter or digit at the end. */
function beanCommodity(code: string): string {
  if (isCurrency(code)) return code;
  const name = GOODS_MARK + code.toUpperCase();
  if (name.length <= LONGEST_COMMODITY && /[A-Z0-9]$/.test(name)) return name;
  return `${name.slice(0, LONGEST_COMMODITY - 9)}-${shortHash(code)}`;
}

/** A part of a name begins with a capital or a digit and has letters, digits and hyphens only. Ids have points too. */
const beanPart = (id: string): string =>
  id.replaceAll('.', '--').replace(/^[a-z]/, (first) => first.toUpperCase());

const beanAccount = ({ kind, fund, code, own }: ToolAccount): string =>
  [ROOTS[kind], beanPart(fund), code, ...(own === undefined ? [] : [beanPart(own)])].join(':');

const beanAmount = ({ amount, commodity }: ToolEntry['postings'][number]): string =>
  `${formatUnits(amount, commodity.exponent)} ${beanCommodity(commodity.code)}`;

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** The day commodities are declared on: before any book. */
const COMMODITY_DAY = '1975-01-01';

/** beancount (2.3 and later). Its balances hold at the beginning of a day, so they name the day after. */
export const beancount: Tool = {
  accountName: beanAccount,
  commodityName: beanCommodity,
  head: (title) => `option "title" ${quoted(title)}\n\n`,
  commodity: ({ code }) => `${COMMODITY_DAY} commodity ${beanCommodity(code)}\n  name: ${quoted(code)}\n`,
  account: (account, since) => `${since} open ${beanAccount(account)}\n`,
  entry: ({ day, position, voucher, words, postings }) =>
    `\n${day} * ${quoted(voucher ?? '')} ${quoted(words)}\n  position: ${position}\n` +
    postings.map((posting) => `  ${beanAccount(posting.account)}  ${beanAmount(posting)}\n`).join(''),
  assertion: ({ day, balances: postings }) =>
    postings
      .map((posting) => `${nextDay(day)} balance ${beanAccount(posting.account)}  ${beanAmount(posting)}\n`)
      .join(''),
};

export const TOOLS = { hledger, ledger, beancount } as const;
export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES = Object.keys(TOOLS) as readonly ToolName[];
