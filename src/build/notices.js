/** The files of a bundle → the licenses of the packages that went into it, which ask to go with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Throws where a package has no license that could be passed on. */
export function notices(files) {
  const folders = new Set(files.flatMap((file) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file.replace(/^\0/, '').split('?')[0]) ?? []));
  return [...folders]
    .sort()
    .map(notice)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file));
  if (texts.length === 0 && license === undefined) throw new Error(`${name} has no license`);
  const said = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${name} ${version} (${license})\n\n${said.join('\n\n')}\n`;
}
