/** One revision as a page writes it (the text alone, or a mapping) to what it expects of it. */
import { isScalar } from 'yaml';
import type { ExpectedRevision } from '../types.ts';
import type { DocumentReader } from './document-reader.ts';
import { type Field, fieldsOf, plainOf, reportUnknown, reportWrong, wholeNumberOf } from './fields.ts';
import { readValue } from './read-value.ts';

const FORMS: readonly string[] = ['value', 'json', 'base64', 'size', 'deleted', 'purged'];

export const EXPECTED_ENTRY = 'text, or a mapping with one of `value`, `json`, `base64`, `size`, `deleted: true` and `purged: true`';

/** What the fields of an entry say. */
export interface Forms {
  /** The field that says what is in it; null where there is none. */
  form: Field | null;
  /** What it says; null where it is wrong, and reported. */
  latest: ExpectedRevision | null;
  revisionField: Field | null;
  revision: number | null;
}

/** An element of a history: as an entry, without a history of its own. Null where it is wrong, and reported. */
export function readRevision(field: Field, reader: DocumentReader): ExpectedRevision | null {
  if (isScalar(field.value)) return readShort(field, reader);
  const fields = fieldsOf(field.value, reader);
  if (fields === null) {
    reportWrong(field, EXPECTED_ENTRY, reader);
    return null;
  }
  return readForms(field, fields, [], reader).latest;
}

/** The short form: the text alone. */
export function readShort(field: Field, reader: DocumentReader): ExpectedRevision | null {
  const value = readValue({ ...field, name: 'value' }, reader);
  return value === null ? null : { operation: 'PUT', value, revision: null };
}

/** The one form among the fields, with its revision. `others`: names that may stand instead of a form. */
export function readForms(owner: Field, fields: Field[], others: readonly string[], reader: DocumentReader): Forms {
  const forms: Forms = { form: null, latest: null, revisionField: null, revision: null };
  for (const field of fields) {
    if (FORMS.includes(field.name)) {
      if (forms.form === null) forms.latest = readForm(field, reader);
      else reader.report(field.at, `\`${field.name}\` stands beside \`${forms.form.name}\`; expected one of them.`);
      forms.form ??= field;
    } else if (field.name === 'revision') {
      forms.revisionField = field;
      forms.revision = wholeNumberOf(field.value, 1);
      if (forms.revision === null) reportWrong(field, 'a whole number above zero', reader);
    } else if (field.name === 'count') {
      reader.report(field.at, `\`count\` does not belong to a key; expected ${EXPECTED_ENTRY}.`, 'A count belongs to a wildcard such as `crowd.>`.');
    } else if (!others.includes(field.name))
      reportUnknown(field, 'in an entry', [...FORMS, 'revision', ...others], reader, 'For a value that is JSON write `json:`.');
  }
  // Where a name is not known it is reported already, and probably the form that is missing.
  const saysNothing = forms.form === null && fields.every(({ name }) => name === 'revision');
  if (saysNothing) reader.report(owner.at, `\`${owner.name}\` does not say what is in it; expected ${EXPECTED_ENTRY}.`);
  if (forms.latest !== null) forms.latest = { ...forms.latest, revision: forms.revision };
  return forms;
}

function readForm(field: Field, reader: DocumentReader): ExpectedRevision | null {
  if (field.name !== 'deleted' && field.name !== 'purged') {
    const value = readValue(field, reader);
    return value === null ? null : { operation: 'PUT', value, revision: null };
  }
  if (plainOf(field.value) !== true) reportWrong(field, '`true`', reader);
  return { operation: field.name === 'deleted' ? 'DEL' : 'PURGE', value: null, revision: null };
}
