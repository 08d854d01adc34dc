import { RequestScanner } from '../resp/request-scanner.ts';
import type { CommandTable } from './command-table.ts';
import { Request } from './request.ts';

/** Parses the bytes of a whole request that was sent before. */
export function readRequest(bytes: Buffer, table: CommandTable): Request {
  const scanner = new RequestScanner();
  const end = scanner.next(bytes, 0, bytes.length);
  const command = table.find(bytes, scanner.nameStart, scanner.nameEnd);
  const { argumentCount, secondStart, secondEnd } = scanner;
  const word = argumentCount > 1 ? bytes.toString('latin1', secondStart, secondEnd).toLowerCase() : '';
  return new Request(command, command.subcommands?.get(word), { bytes, start: 0, end, readAt: 0 });
}
