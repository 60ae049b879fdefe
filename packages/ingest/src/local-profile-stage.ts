/** A `ProfileBuilder` in the thread that decodes. A file of its own: with it come SQLite and Arrow. */
import type { HeapConfig, OperationBlock } from '@memscope/kernel';
import { ProfileBuilder, type ProfileEnd, type ProfilePlan } from './profile-builder.js';
import type { ProfileStage } from './profile-stage.js';

export class LocalProfileStage implements ProfileStage {
  readonly #plan: ProfilePlan;
  #builder: ProfileBuilder | null = null;

  constructor(plan: ProfilePlan) {
    this.#plan = plan;
  }

  begin(heap: HeapConfig): void {
    this.#builder = new ProfileBuilder(this.#plan, heap);
  }

  apply(block: OperationBlock): void {
    this.#builder!.apply(block);
  }

  close(sites: number): void {
    this.#builder!.closeHeap(sites);
  }

  finish(end: ProfileEnd): Promise<void> {
    this.#builder!.finish(end);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#builder?.abort();
    return Promise.resolve();
  }
}
