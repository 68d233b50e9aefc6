import { readFileSync } from 'node:fs';
import type { ToolName } from '../../libs/books/index.ts';
import { type Judge, findJudge } from '../support/judges.ts';
import { parse } from 'csv-parse/sync';

/** What a program found in a journal: what it says against it, or the balance of every account that is not 0. */
export type Finding =
  | { readonly ok: true; readonly balances: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly said: string };

export type AccountingJudge = (journal: string) => Finding;

const script = readFileSync(new URL('beancount.py', import.meta.url), 'utf8');

/** Numbers without the zeros and the point behind them: each program writes its own. */
export const plainNumber = (number: string): string =>
  number.includes('.') ? number.replace(/0+$/, '').replace(/\.$/, '') : number;

const toBalances = (
  rows: readonly (readonly [account: string, commodity: string, amount: string])[],
): Finding => ({
  ok: true,
  balances: Object.fromEntries(
    rows
      .filter(([, , amount]) => plainNumber(amount) !== '0')
      .map(([account, commodity, amount]) => [
        `${account} ${commodity.replaceAll('"', '')}`,
        plainNumber(amount),
      ]),
  ),
});

const ask =
  (judge: Judge, args: readonly string[], read: (text: string) => Finding): AccountingJudge =>
  (journal) => {
    const { code, stdout, stderr } = judge(args, journal);
    return code === 0 && stderr === '' ? read(stdout) : { ok: false, said: stderr || `exit code ${code}` };
  };

const KINDS: Readonly<Record<ToolName, (judge: Judge) => AccountingJudge>> = {
  // `-s`: every account and commodity has to be declared, every entry balanced, every assertion true.
  hledger: (judge) =>
    ask(judge, ['-s', '-f', '-', 'balance', '--flat', '-N', '--layout=bare', '-O', 'csv'], (text) =>
      toBalances(
        (parse(text, { columns: true }) as { account: string; commodity: string; balance: string }[]).map(
          ({ account, commodity, balance }) => [account, commodity, balance] as const,
        ),
      ),
    ),
  // Amounts of several commodities stand in lines of their own; `@` ends each.
  ledger: (judge) =>
    ask(
      judge,
      [
        '--pedantic',
        '-f',
        '-',
        'balance',
        '--flat',
        '--no-total',
        '--no-color',
        '--format',
        '%(account)\t%(join(scrub(display_total)))\n',
      ],
      (text) =>
        toBalances(
          text
            .split('\n')
            .filter((line) => line !== '')
            .flatMap((line) => {
              const [account = '', amounts = ''] = line.split('\t');
              return amounts.split('\\n').map((amount) => {
                const [number = '', commodity = ''] = amount.trim().split(' ');
                return [account, commodity, number] as const;
              });
            }),
        ),
    ),
  beancount: (judge) =>
    ask(judge, ['-c', script], (text) =>
      toBalances(
        text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => line.split('\t') as [string, string, string]),
      ),
    ),
};

/** The program as a judge of journals; undefined where this machine has none. */
export function accountingJudge(tool: ToolName): AccountingJudge | undefined {
  const judge = findJudge(tool);
  return judge && KINDS[tool](judge);
}
