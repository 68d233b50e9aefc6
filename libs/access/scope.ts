/**
 * What the asking person may see. Every query takes one, so that sign-in can narrow it later without touching
 * a query: `funds` lists the funds, `person` is the opaque id of who asks.
 */
export interface Scope {
  readonly funds: 'all' | ReadonlySet<string>;
  readonly person: string;
}

/** The scope of a person who may see every fund. */
export const everything = (person: string): Scope => ({ funds: 'all', person });

/** The scope of a person who may see these funds and no others. */
export const onlyFunds = (person: string, funds: Iterable<string>): Scope => ({
  funds: new Set(funds),
  person,
});

/** True when the scope shows the fund. Deny by default: what is not listed is not seen. */
export const sees = ({ funds }: Scope, fund: string): boolean => funds === 'all' || funds.has(fund);
