/**
 * Values of which one writer at a time makes the next: whoever based a value on a revision that is no longer the newest is
 * refused. Revisions count up from 1 and are never given twice.
 */
export interface Cells {
  /** Null where it was never written. */
  read(name: string): Promise<Cell | null>
  /**
   * Makes revision `revision + 1` (0: the first). False where another was faster, and at times where it was not but
   * others have written since: read it again.
   */
  compareAndSet(name: string, revision: number, value: string): Promise<boolean>
  close(): Promise<void>
}

export interface Cell {
  revision: number
  value: string
}
