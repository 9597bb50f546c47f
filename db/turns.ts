import pLimit from "p-limit";

type Room = { atOnce: number; waiting: number };
type Patience = { waitMs: number; refusal: () => Error };

/**
 * Lets so much work of one instance run at once, and so much wait for it, in order. Work that finds no room, or has
 * not begun after `waitMs`, is never begun and throws its refusal, so that those behind it are served while they
 * still listen.
 */
export function takingTurns({ atOnce, waiting }: Room) {
  const places = pLimit(atOnce);
  return async function inTurn<T>(work: () => Promise<T>, { waitMs, refusal }: Patience): Promise<T> {
    if (places.activeCount < atOnce) return places(work);
    if (places.pendingCount >= waiting || waitMs <= 0) throw refusal();
    return new Promise<T>((resolve, reject) => {
      let hasLeft = false;
      // By the clock, not when a place is free: those who hold the places may hang.
      const leaving = setTimeout(() => {
        hasLeft = true;
        reject(refusal());
      }, waitMs);
      void places(async () => {
        if (hasLeft) return;
        clearTimeout(leaving);
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      });
    });
  };
}
