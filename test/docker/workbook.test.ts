/** The whole workbook, unchanged, where it may be run: in containers, and on the server of docker-compose.yml (see compose.test.ts). */
import { test } from 'vitest';
import { hasPart } from '../real-parts.ts';
import { expectWorkbook } from './workbook.ts';

test.runIf(await hasPart('docker'))('every lesson passes in containers, but those that need a private server', () => expectWorkbook('docker'), 600_000);
