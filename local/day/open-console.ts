import { spawn } from 'node:child_process';
import { CloudBackend } from '../../console/cloud-backend.ts';
import { type ServedConsole, serveConsole } from '../../console/serve.ts';
import { createScaler } from '../../shared/engine/scaler.ts';
import { makeClients } from '../../shared/providers/aws/clients.ts';
import { awsPorts, operatorSettings } from '../../shared/providers/aws/ports.ts';
import { kindsOf } from '../../shared/providers/kinds-of.ts';
import type { Playground } from './playground.ts';
import { WorldBackend } from './world-backend.ts';

/** Serves the console of a local cloud, which it asks as any client does: endpoint and credentials of the environment. */
export async function openConsole(playground: Playground): Promise<ServedConsole> {
  const { fleet, local } = playground;
  const clients = makeClients();
  const clock = local.cloud.eventQueue;
  const ports = awsPorts(clients, operatorSettings(fleet), kindsOf(fleet, clients, clock));
  const scaler = createScaler(fleet, { ...ports, clock });
  const served = await serveConsole(new WorldBackend(new CloudBackend(scaler), playground));
  if (process.stdout.isTTY && !process.env['CI']) showInBrowser(served.url);
  return served;
}

function showInBrowser(url: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  // A machine without a desktop has none; the address is printed anyway.
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
