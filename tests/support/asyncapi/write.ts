import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asyncApiText } from './text.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
writeFileSync(new URL('../../../docs/asyncapi.yaml', import.meta.url), asyncApiText(root));
