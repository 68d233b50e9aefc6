import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { everything } from '#access';
import { PLEDGES_PER_PAGE_MAX, type PledgesLeft, handedOver, readPledgesLeft } from '#funds';
import { isId } from '#kernel';
import { allRefusals } from '../../ledger/handlers.ts';
import { dataFolder, withReads } from '../data-folder.ts';
import { EXIT, refusedBy } from '../failure.ts';
import { type OpenGate, openGate } from '../gate.ts';
import { type Format, type OutputTable, render } from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, dayOption, idOption, withData, withFormat } from './options.ts';

interface Renamed {
  readonly account: string;
  readonly as: string;
}

interface Options {
  readonly data?: string;
  readonly fund: string;
  readonly into: string;
  readonly on: string;
  readonly account: readonly Renamed[];
  readonly proposedBy: string;
  readonly actor: string;
  readonly reason: string;
  readonly dryRun: boolean;
  readonly format: Format;
}

const renameOption = (text: string, before: readonly Renamed[]): readonly Renamed[] => {
  const [account = '', as = '', more] = text.split('=');
  if (more === undefined && isId(account) && isId(as)) return [...before, { account, as }];
  throw new InvalidArgumentError(both('phải viết mã-cũ=mã-mới.', 'write old-id=new-id.'));
};

/** Pages of pledges sent as one batch. */
const PAGES_PER_BATCH = 20;

/** `lalanh merge-fund`: shows what goes over, merges, and hands over pledges and sponsorships page by page. */
export const addMergeFund = (program: Command): void => {
  withFormat(withData(program.command('merge-fund')))
    .description(both('sáp nhập một quỹ vào quỹ khác', 'merge a fund into another one'))
    .requiredOption('--fund <id>', both('quỹ sáp nhập', 'the fund that ends'), idOption)
    .requiredOption('--into <id>', both('quỹ kế nhiệm', 'the fund that goes on'), idOption)
    .requiredOption('--on <day>', both('ngày sáp nhập', 'day of the merger'), dayOption)
    .requiredOption('--proposed-by <id>', both('người đề nghị', 'who proposed it'), idOption)
    .requiredOption('--actor <id>', both('mã người làm', 'id of the acting person'), idOption)
    .requiredOption('--reason <text>', both('quyết định sáp nhập', 'the decision that ordered it'))
    .option(
      '--account <old=new>',
      both('mã mới của một tài khoản trùng mã; lặp lại được', 'new id of an account; may be repeated'),
      renameOption,
      [],
    )
    .option('--dry-run', both('chỉ xem những gì được bàn giao', 'only show what would go over'), false)
    .action(mergeFund);
};

async function mergeFund(options: Options): Promise<void> {
  const { data, fund, into, on, account, proposedBy, actor, reason, dryRun, format } = options;
  const folder = dataFolder(data);
  const body = { fund, into, effectiveOn: on, accounts: account, proposedBy, reason };
  const command = { name: 'merge-fund', key: randomUUID(), actor, body };
  if (dryRun) {
    const shown = await through(folder, (gate) => gate.preview(command));
    if (!shown.ok) throw refusedBy(allRefusals, shown.refusal, EXIT.findings);
    const left = await pledgesOf(folder, fund);
    process.stdout.write(render(format, tableOf([...goods(shown.wouldAppend), ...promises(left)])));
    return;
  }
  await through(folder, async (gate) => {
    const [answer] = await gate.send([command]);
    // Sent again after it was interrupted: the fund is merged, and its pledges follow.
    const isMerged =
      answer &&
      !answer.ok &&
      answer.refusal.code === 'FUND_MERGED' &&
      answer.refusal.details['into'] === into;
    if (answer && !answer.ok && !isMerged) throw refusedBy(allRefusals, answer.refusal, EXIT.findings);
  });
  process.stdout.write(`${both('Đã sáp nhập', 'Merged')}: ${fund} → ${into} (${on})\n`);
  const moved = await handOverAll(folder, { fund, on, actor });
  process.stdout.write(`${both('Cam kết đã chuyển', 'Pledges handed over')}: ${moved}\n`);
}

async function through<T>(folder: string, work: (gate: OpenGate) => Promise<T>): Promise<T> {
  const gate = await openGate(folder);
  try {
    return await work(gate);
  } finally {
    await gate.close();
  }
}

const pledgesOf = (folder: string, fund: string, after?: string, pages = 1): Promise<PledgesLeft> =>
  withReads(folder, createProgress(), (context) =>
    readPledgesLeft(context, {
      scope: everything('cli'),
      fund,
      after,
      limit: PLEDGES_PER_PAGE_MAX * pages,
    }),
  );

/** Every pledge that is still of the fund, a page a command. What went over before is not among them. */
async function handOverAll(
  folder: string,
  { fund, on, actor }: { readonly fund: string; readonly on: string; readonly actor: string },
): Promise<number> {
  let moved = 0;
  let after: string | undefined;
  do {
    const { ids, next } = await pledgesOf(folder, fund, after, PAGES_PER_BATCH);
    const pages = Array.from({ length: Math.ceil(ids.length / PLEDGES_PER_PAGE_MAX) }, (_, at) =>
      ids.slice(at * PLEDGES_PER_PAGE_MAX, (at + 1) * PLEDGES_PER_PAGE_MAX),
    );
    if (pages.length > 0)
      await through(folder, async (gate) => {
        const answers = await gate.send(
          pages.map((pledges) => ({
            name: 'hand-over-pledges',
            key: randomUUID(),
            actor,
            body: { fund, effectiveOn: on, pledges },
          })),
        );
        for (const answer of answers)
          if (!answer.ok && answer.refusal.code !== 'PLEDGES_HANDED_OVER')
            throw refusedBy(allRefusals, answer.refusal, EXIT.findings);
      });
    moved += ids.length;
    after = next ?? undefined;
  } while (after !== undefined);
  return moved;
}

interface Row {
  readonly what: string;
  readonly id: string;
  readonly as: string | null;
  readonly commodity: string;
  readonly count: number;
  readonly amount: bigint;
}

const goods = (facts: Parameters<typeof handedOver>[0]): Row[] =>
  handedOver(facts).map((row) => ({ ...row, count: 1 }));

const promises = ({ rows, sponsorships }: PledgesLeft): Row[] => [
  ...rows.map(({ commodity, open, cancelled, outstanding }): Row => ({
    what: 'pledge',
    id: '*',
    as: null,
    commodity,
    count: open + cancelled,
    amount: outstanding,
  })),
  { what: 'sponsorship', id: '*', as: null, commodity: '', count: sponsorships, amount: 0n },
];

const tableOf = (rows: readonly Row[]): OutputTable => ({
  columns: [
    { key: 'what', vi: 'Loại', en: 'What' },
    { key: 'id', vi: 'Mã', en: 'Id' },
    { key: 'as', vi: 'Thành / tình trạng', en: 'As / state' },
    { key: 'commodity', vi: 'Tiền, hiện vật', en: 'Commodity' },
    { key: 'count', vi: 'Số lượng', en: 'Count', numeric: true },
    { key: 'amount', vi: 'Số tiền', en: 'Amount', numeric: true },
  ],
  rows: rows.map((row) => ({ ...row, amount: String(row.amount) })),
});
