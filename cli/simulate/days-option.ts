import { InvalidArgumentError, Option } from 'commander';

/** How far back CloudWatch is read. */
export function daysOption(): Option {
  return new Option('--days <number>', 'how much of what CloudWatch has').default(28).argParser(readDays);
}

function readDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 455)
    throw new InvalidArgumentError('Expected 1 to 455 days: CloudWatch keeps no more.');
  return days;
}
