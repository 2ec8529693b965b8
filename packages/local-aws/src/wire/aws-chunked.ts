/**
 * Takes the chunk framing off a body in `aws-chunked` encoding: hexadecimal sizes, signatures and trailers go.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function decodeAwsChunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', position);
    if (lineEnd < 0) break;
    const size = Number.parseInt(body.toString('latin1', position, lineEnd), 16);
    if (!(size > 0)) break;
    const start = lineEnd + 2;
    parts.push(body.subarray(start, start + size));
    position = start + size + 2;
  }
  return Buffer.concat(parts);
}
