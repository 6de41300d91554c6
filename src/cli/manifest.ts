/** What this package says of itself, and what it brings; a build has the former inside. */
import { extname, join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
/** The range of Node's versions that run it. */
export const NODE_RANGE: string = manifest.engines.node;

/** The built file lies directly below a folder of the package, its source one deeper. */
const ROOT = join(import.meta.dirname, extname(import.meta.filename) === '.ts' ? '../..' : '..');
/** The workbook's pages. */
export const SHIPPED_LESSONS = join(ROOT, 'lessons');
