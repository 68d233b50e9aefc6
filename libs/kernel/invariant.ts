/**
 * A statement that must hold whatever the input was. Breaking it is a fault of the program, not of the
 * person, so it throws: the command is not answered and nothing is appended.
 */
export function invariant(holds: boolean, statement: string): asserts holds {
  if (!holds) throw new Error(`invariant broken: ${statement}`);
}
