import { type Instant, ServiceError } from '../service.ts';

export interface LogEvent {
  readonly id: string;
  readonly stream: string;
  readonly timestamp: Instant;
  readonly ingestionTime: Instant;
  readonly message: string;
}

const dayMs = 86_400_000;

/** One log group with the events of all its streams. */
export class LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Instant;
  retentionDays?: number | undefined;
  readonly tags = new Map<string, string>();
  /** By stream name, when it was created. */
  readonly streams = new Map<string, Instant>();
  /** In the order of arrival. */
  #events: LogEvent[] = [];
  #sequence = 0;

  constructor(name: string, arn: string, createdAt: Instant) {
    this.name = name;
    this.arn = arn;
    this.createdAt = createdAt;
  }

  /** @throws ServiceError `ResourceNotFoundException` for an unknown stream */
  put(stream: string, events: readonly { timestamp: Instant; message: string }[], now: Instant): void {
    this.#requireStream(stream);
    for (const { timestamp, message } of events) {
      const id = String(this.#sequence++).padStart(56, '0');
      this.#events.push({ id, stream, timestamp, ingestionTime: now, message });
    }
  }

  /** Events that are not yet too old to be kept, by time, then by arrival. */
  events(now: Instant): LogEvent[] {
    const { retentionDays } = this;
    if (retentionDays !== undefined) {
      this.#events = this.#events.filter(({ timestamp }) => timestamp > now - retentionDays * dayMs);
    }
    return this.#events.toSorted((a, b) => a.timestamp - b.timestamp);
  }

  /** @throws ServiceError `ResourceNotFoundException` for an unknown stream */
  eventsOf(stream: string, now: Instant): LogEvent[] {
    this.#requireStream(stream);
    return this.events(now).filter((event) => event.stream === stream);
  }

  deleteStream(stream: string): void {
    this.#requireStream(stream);
    this.streams.delete(stream);
    this.#events = this.#events.filter((event) => event.stream !== stream);
  }

  #requireStream(stream: string): void {
    if (this.streams.has(stream)) return;
    throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
  }
}
