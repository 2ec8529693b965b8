import { inflateRawSync } from 'node:zlib';
import { ServiceError } from '../service.ts';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/**
 * Reads the files of a zip archive: stored or deflated, not encrypted, under 4 GiB.
 *
 * @throws ServiceError `InvalidParameterValueException`, as Lambda answers to what is no zip file.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function unzip(archive: Uint8Array): Map<string, Uint8Array> {
  const buffer = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = buffer.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || buffer.readUInt32LE(end) !== endOfDirectory) throw invalid();
  const files = new Map<string, Uint8Array>();
  let position = buffer.readUInt32LE(end + 16);
  for (let left = buffer.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (buffer.readUInt32LE(position) !== directoryEntry) throw invalid();
    const nameLength = buffer.readUInt16LE(position + 28);
    const name = buffer.toString('utf8', position + 46, position + 46 + nameLength);
    if (!name.endsWith('/')) files.set(name, contentOf(buffer, position));
    position += 46 + nameLength + buffer.readUInt16LE(position + 30) + buffer.readUInt16LE(position + 32);
  }
  return files;
}

function contentOf(buffer: Buffer, entry: number): Uint8Array {
  const method = buffer.readUInt16LE(entry + 10);
  const size = buffer.readUInt32LE(entry + 20);
  const header = buffer.readUInt32LE(entry + 42);
  // The local header's own name and extra field may differ in length from the directory's.
  const start = header + 30 + buffer.readUInt16LE(header + 26) + buffer.readUInt16LE(header + 28);
  const data = buffer.subarray(start, start + size);
  if (method === 0) return data;
  if (method === 8) return inflateRawSync(data);
  throw invalid();
}

function invalid(): ServiceError {
  return new ServiceError(
    'InvalidParameterValueException',
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
  );
}
