import { type Context, type Day, type Fact, type Result, isCurrency, ok, refuse } from '#kernel';
import type { BankAccountState } from './bank.ts';
import { type BankAccountRegistered, type LayoutSaved, bankAccountStream } from './events.ts';
import { COLUMN_FIELDS } from './read-statement/layouts.ts';
import { fold } from './words.ts';

export interface RegisterAccount extends BankAccountRegistered {
  readonly effectiveOn: Day;
}

/** Registers an account at a bank. Said again with other words it corrects the first; the number stays in the vault. */
export function decideRegisterAccount(
  { effectiveOn, ...data }: RegisterAccount,
  state: BankAccountState,
  context: Context,
): Result<Fact[]> {
  const { account, commodity } = data;
  if (state.registered) return refuse('BANK_ACCOUNT_EXISTS', { account });
  if (!isCurrency(commodity)) return refuse('CURRENCY_UNKNOWN', { commodity });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  return ok([{ stream: bankAccountStream(account), type: 'bankaccount.registered.v1', effectiveOn, data }]);
}

/** Saves how a bank heads its columns. Saved again under one name it replaces the older. */
export function decideSaveLayout(
  { effectiveOn, ...data }: LayoutSaved & { readonly effectiveOn: Day },
  state: BankAccountState,
): Result<Fact[]> {
  const { account, layout } = data;
  if (!state.registered) return refuse('BANK_ACCOUNT_UNKNOWN', { account });
  const fields = COLUMN_FIELDS.filter((field) => (layout.columns[field] ?? []).length > 0);
  const has = (field: (typeof COLUMN_FIELDS)[number]): boolean => fields.includes(field);
  if (!has('bookedOn') || !has('narrative') || !((has('debit') && has('credit')) || has('amount')))
    return refuse('LAYOUT_INCOMPLETE', { layout: layout.name });
  const columns = Object.fromEntries(fields.map((field) => [field, (layout.columns[field] ?? []).map(fold)]));
  return ok([
    {
      stream: bankAccountStream(account),
      type: 'bankaccount.layout-saved.v1',
      effectiveOn,
      data: { account, layout: { ...layout, columns } },
    },
  ]);
}
