import type { CommandTable } from '../command/command-table.ts';
import type { Figures } from '../figures.ts';
import type { Nodes } from '../nodes.ts';
import type { HotKeys } from '../policy/hot-keys.ts';
import type { Limits } from '../policy/limits.ts';
import type { MemoryBudget } from '../policy/memory-budget.ts';
import type { Turn } from '../upstream/turn.ts';
import type { Access } from './access.ts';
import type { Clients } from './clients.ts';
import type { Rejections } from './rejections.ts';

/** Services shared by all sessions. */
export interface SessionServices {
  readonly nodes: Nodes;
  readonly table: CommandTable;
  readonly figures: Figures;
  readonly hotKeys: HotKeys;
  readonly access: Access;
  readonly clients: Clients;
  readonly rejections: Rejections;
  readonly limits: Limits;
  readonly memory: MemoryBudget;
  readonly turn: Turn;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
}
