import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import { createScaler, type Scaler } from '../engine/scaler.ts';
import { makeClients } from '../providers/aws/clients.ts';
import { awsPorts } from '../providers/aws/ports.ts';
import { kindsOf, prometheusOf } from '../providers/kinds-of.ts';
import { readFleetFile, readSettings } from './environment.ts';
import { correlate, logFailure } from './log-middleware.ts';
import { mailCatalogue } from './mail-catalogue.ts';
import { measure } from './measure-middleware.ts';

/** What a function needs to know of its invocation. */
export interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** One function: it parses its event, calls what is shared, and returns; what it could not do, it throws. */
export type Handle<R extends object> = (event: unknown, scaler: Scaler, invocation: Invocation) => Promise<R>;

const logger = new Logger();
const metrics = new Metrics();

let scaler: Promise<Scaler> | undefined;

async function openOnAws(): Promise<Scaler> {
  const fleet = readFleetFile(process.env);
  const clients = makeClients();
  const clock = { now: () => Date.now() };
  const kinds = kindsOf(fleet, clients, clock);
  const prometheus = prometheusOf(fleet, clients, clock);
  const ports = awsPorts(clients, readSettings(process.env, fleet), kinds, prometheus);
  return createScaler(fleet, ports, logger, undefined, await mailCatalogue(fleet));
}

/** Made at the first invocation and kept for as long as the container lives. */
function scalerOnAws(): Promise<Scaler> {
  scaler ??= openOnAws().catch((error) => {
    scaler = undefined;
    throw error;
  });
  return scaler;
}

/** The deployed form of a function: log lines with its context, metrics, and failures that are seen and thrown on. */
export function lambda<R extends object>(
  handle: Handle<R>,
  open: () => Scaler | Promise<Scaler> = scalerOnAws,
) {
  return middy()
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .use(correlate(logger))
    .use(measure(metrics))
    .use(logFailure(logger))
    .handler(async (event: unknown, context: Invocation): Promise<R> => handle(event, await open(), context));
}
