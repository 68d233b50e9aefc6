import { stringify } from 'yaml';
import { asyncApiDocument } from './document.ts';

const HEAD =
  '# Written by `npm run asyncapi` from the types of the events and the headers of libs/messaging.\n';
const COLUMNS = 110;

/** The text of docs/asyncapi.yaml. */
export const asyncApiText = (root: string): string =>
  HEAD + stringify(asyncApiDocument(root), { lineWidth: COLUMNS, aliasDuplicateObjects: false });
