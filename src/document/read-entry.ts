/** What a page says of one key, in any of its forms, to what it expects of the key's entry. */
import { isScalar } from 'yaml';
import type { ExpectedEntry, ExpectedRevision } from '../types.ts';
import type { DocumentReader } from './document-reader.ts';
import { type Field, fieldsOf, itemsOf, reportWrong } from './fields.ts';
import { EXPECTED_ENTRY, type Forms, readForms, readRevision, readShort } from './read-revision.ts';

/** The entry at `path`; null where it is wrong, and reported. Remembers the places of its parts. */
export function readEntry(field: Field, path: string, reader: DocumentReader): ExpectedEntry | null {
  if (isScalar(field.value)) {
    reader.remember(`${path}/value`, field.at);
    const latest = readShort(field, reader);
    return latest === null ? null : { ...latest, history: null };
  }
  const fields = fieldsOf(field.value, reader);
  if (fields === null) {
    reportWrong(field, EXPECTED_ENTRY, reader);
    return null;
  }
  const forms = readForms(field, fields, ['history'], reader);
  if (forms.form !== null) reader.remember(`${path}/value`, forms.form.at);
  if (forms.revisionField !== null) reader.remember(`${path}/revision`, forms.revisionField.at);
  const historyField = fields.find(({ name }) => name === 'history');
  if (historyField !== undefined) return readWithHistory(forms, historyField, path, reader);
  return forms.latest === null ? null : { ...forms.latest, history: null };
}

/** The last of a history is the latest entry: what the page says only there holds for the entry, what it says twice must be the same. */
function readWithHistory(forms: Forms, field: Field, path: string, reader: DocumentReader): ExpectedEntry | null {
  const items = itemsOf(field.value);
  reader.remember(`${path}/history`, field.at);
  if (items === null || items.length === 0) {
    reportWrong(field, 'a list of all that is kept, oldest first, at least one', reader);
    return null;
  }
  const history: ExpectedRevision[] = [];
  let before = 0;
  for (const [index, item] of items.entries()) {
    reader.remember(`${path}/history/${index}`, item.at);
    const read = readRevision({ name: `history[${index}]`, ...item }, reader);
    if (read === null) continue;
    history.push(read);
    if (read.revision !== null && read.revision <= before) {
      reader.report(item.at, `Revision ${read.revision} follows revision ${before}; expected a history with the oldest first.`);
    }
    before = read.revision ?? before;
  }
  const last = history.at(-1);
  if (last === undefined || history.length < items.length) return null;
  const lastAt = items.at(-1)?.at ?? field.at;
  if (forms.revisionField === null) reader.remember(`${path}/revision`, lastAt);
  if (forms.form === null) reader.remember(`${path}/value`, lastAt);
  else if (forms.latest === null) return null;
  reportContradiction(forms, last, reader);
  return { ...(forms.latest ?? last), revision: forms.revision ?? last.revision, history };
}

function reportContradiction({ form, latest, revisionField, revision }: Forms, last: ExpectedRevision, reader: DocumentReader): void {
  if (revisionField !== null && revision !== null && last.revision !== null && revision !== last.revision) {
    reader.report(revisionField.at, `The entry's revision is ${revision} here and ${last.revision} in the last of its history; expected the same.`);
  }
  if (form === null || latest === null) return;
  if (latest.operation !== last.operation || differentTexts(latest, last)) {
    reader.report(form.at, `The entry's \`${form.name}\` is not what the last of its history says; expected the same.`);
  }
}

/** Of two plain texts, that they differ. Other forms, and texts with matchers, may say the same in different ways. */
function differentTexts(one: ExpectedRevision, other: ExpectedRevision): boolean {
  if (one.value === null || other.value === null || !('text' in one.value) || !('text' in other.value)) return false;
  return one.value.text !== other.value.text && !`${one.value.text}${other.value.text}`.includes('<');
}
