// Cells of charts and tables: each opens who is in it, and can be kept as a segment.
import type { CSSProperties, ReactNode } from "react";
import { createContext, useContext, useState } from "react";

import { useLanguage } from "../app/language";
import type { Moved } from "./SaveSegment";
import { SaveMoved, SaveSegment } from "./SaveSegment";

/** What a part of a chart counts: by the rule of the answer, or by a move that was recorded. */
export interface Cell {
  rule?: string | null;
  moved?: Moved;
  /** What a segment of it would be called. */
  label?: string;
}

const Opening = createContext<(cell: Cell) => void>(() => undefined);

/** Opens the drawer of a cell. */
export const useCell = () => useContext(Opening);

/** Holds the one drawer of a page. */
export function Cells({ children }: { children: ReactNode }) {
  const [cell, setCell] = useState<Cell | null>(null);
  const close = () => setCell(null);
  return (
    <Opening.Provider value={setCell}>
      {children}
      <SaveSegment rule={cell?.rule ?? null} label={cell?.label} onClose={close} />
      <SaveMoved moved={cell?.moved ?? null} onClose={close} />
    </Opening.Provider>
  );
}

interface ButtonProps {
  cell: Cell | null;
  children: ReactNode;
  /** What is read out, where what is shown does not say it. */
  said?: string;
  className?: string;
  style?: CSSProperties;
}

/** A number that opens whom it counts; just the number where no rule can say it. */
export function CellButton({ cell, children, said, className = "number-link", style }: ButtonProps) {
  const { t } = useLanguage();
  const open = useCell();
  if (!cell?.rule && !cell?.moved) {
    return (
      <span className={className === "number-link" ? "" : className} style={style}>
        {children}
      </span>
    );
  }
  return (
    <button type="button" className={`cell-button ${className}`} style={style} aria-label={said} title={t("save.as_segment")} onClick={() => open(cell)}>
      {children}
    </button>
  );
}
