import { type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type ProgrammeOpened, programmeStream } from './events.ts';
import type { ProgrammeState } from './states.ts';

export interface OpenProgramme extends ProgrammeOpened {
  readonly effectiveOn: Day;
}

/** Opens a programme under its id, once; it may begin on a day to come. */
export function decideOpenProgramme(command: OpenProgramme, state: ProgrammeState): Result<Fact[]> {
  const { effectiveOn, ...data } = command;
  const { programme } = data;
  if (state.opened) return refuse('PROGRAMME_EXISTS', { programme });
  return ok([{ stream: programmeStream(programme), type: 'programme.opened.v1', effectiveOn, data }]);
}
