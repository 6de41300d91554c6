/** A release's archive → the one file in it that is wanted. */
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { unzipSync } from 'fflate';
import { parseTar } from 'nanotar';

const LARGEST = 512 * 2 ** 20;

/** The file called `name`, in whatever folder of the archive. `file` is the archive's own name: `….zip`, else tar and gzip. Rejects where it is not there. */
export async function unpack(name: string, file: string, archive: Buffer): Promise<Uint8Array> {
  const data = file.endsWith('.zip') ? fromZip(name, archive) : await fromTar(name, archive);
  if (data === undefined) throw new Error(`there is no file ${name} in the release's archive`);
  return data;
}

async function fromTar(name: string, archive: Buffer): Promise<Uint8Array | undefined> {
  const tar = await promisify(gunzip)(archive, { maxOutputLength: LARGEST });
  // A copy in memory of its own: nanotar reads from the beginning of the memory that a buffer may share with others.
  return parseTar(Uint8Array.from(tar)).find((item) => item.type === 'file' && basename(item.name) === name)?.data;
}

function fromZip(name: string, archive: Buffer): Uint8Array | undefined {
  const isWanted = ({ name: path, originalSize }: { name: string; originalSize: number }) => {
    if (path.endsWith('/') || basename(path) !== name) return false;
    if (originalSize > LARGEST) throw new Error(`the file ${name} in the release's archive is larger than ${LARGEST} bytes`);
    return true;
  };
  return Object.values(unzipSync(archive, { filter: isWanted }))[0];
}
