import { type Result, ok, refuse } from '#kernel';
import { Parser } from 'htmlparser2';
import { DEPTH_MAX } from './limits.ts';

/** An element by its local name: a prefix says nothing about a message whose namespace is known. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The first element down a path of names. */
export function at(element: Element | undefined, ...path: readonly string[]): Element | undefined {
  let here = element;
  for (const name of path) here = here?.children.find((child) => child.name === name);
  return here;
}

export const all = (element: Element | undefined, name: string): readonly Element[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** The text down a path, trimmed; empty when there is none. */
export const textAt = (element: Element | undefined, ...path: readonly string[]): string =>
  at(element, ...path)?.text.trim() ?? '';

export interface Visitor {
  /** Given the document element before what is in it. */
  readonly root?: (name: string, attributes: Readonly<Record<string, string>>) => Result<void>;
  /** Elements that are handed over whole and then let go, so that a long message needs little memory. */
  readonly each: ReadonlySet<string>;
  /** `path`: the names of the elements around it. */
  readonly take: (element: Element, around: readonly Element[]) => Result<void>;
}

/**
 * Walks an XML document. A document type is refused before anything is read, so there are no entities but the
 * five of XML; so are nesting without end and an element that is not closed by its own tag.
 */
export function readXml(text: string, { root, each, take }: Visitor): Result<void> {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return refuse('STATEMENT_DOCTYPE');
  const open: Element[] = [];
  const filled: boolean[] = [];
  let outcome: Result<void> = ok(undefined);
  let isWhole = false;
  let seen = 0;
  const stop = (result: Result<void>): void => {
    if (outcome.ok && !result.ok) outcome = result;
  };
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (!outcome.ok) return;
        const element = { name: local(name), attributes, children: [], text: '' };
        if (seen++ === 0 && root) stop(root(element.name, attributes));
        if (open.length === 0 && isWhole) stop(refuse('STATEMENT_NOT_A_TABLE'));
        if (open.length >= DEPTH_MAX) stop(refuse('STATEMENT_TOO_LARGE', { limit: `${DEPTH_MAX} levels` }));
        if (!each.has(element.name)) open.at(-1)?.children.push(element);
        if (filled.length > 0) filled[filled.length - 1] = true;
        filled.push(false);
        open.push(element);
      },
      ontext: (part) => {
        const element = open.at(-1);
        if (element) element.text += part;
      },
      onclosetag: (name, isImplied) => {
        if (!outcome.ok) return;
        const element = open.pop();
        const wasFilled = filled.pop() === true || element?.text !== '';
        // Implied: closed only because something around it was, or the text ended; `<Stmt/>` alone may be.
        if (!element || element.name !== local(name) || (isImplied && wasFilled))
          return stop(refuse('STATEMENT_TRUNCATED'));
        if (open.length === 0) isWhole = true;
        if (each.has(element.name)) stop(take(element, open));
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(text);
  if (!outcome.ok) return outcome;
  return isWhole ? outcome : refuse('STATEMENT_TRUNCATED');
}
