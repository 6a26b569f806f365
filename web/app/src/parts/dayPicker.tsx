// A picker of days over any calendar; days come and go as texts like 2026-03-21.
import type { DatePicker, DatePickerProps } from "antd";
import { useMemo, useState } from "react";

import { useFormat } from "./format";

export interface DayProps extends Pick<DatePickerProps, "disabled" | "size" | "variant"> {
  label: string;
  value?: string;
  /** Whether there may be none. */
  clearable?: boolean;
  first?: string;
  last?: string;
  onChange: (day?: string) => void;
}

export interface Calendar<D> {
  /** How a day is typed: the picker's tokens. */
  typed: string;
  day: (text: string) => D;
  text: (day: D) => string;
}

/** Written as days are everywhere in the page, and while it is typed in the digits of the calendar. */
export function dayPicker<D extends object>(Picker: ReturnType<typeof DatePicker.generatePicker<D>>, calendar: Calendar<D>) {
  // The same day is the same object while it stays: the picker forgets what is being typed when another comes.
  const useDay = (text?: string) => useMemo(() => (text ? calendar.day(text) : undefined), [text]);

  return function DayPicker({ label, value, clearable = false, first, last, onChange, ...look }: DayProps) {
    const format = useFormat();
    const [typing, setTyping] = useState(false);
    return (
      <Picker
        {...look}
        aria-label={label}
        allowClear={clearable}
        value={useDay(value)}
        minDate={useDay(first)}
        maxDate={useDay(last)}
        format={typing ? calendar.typed : (chosen: D) => format.day(calendar.text(chosen))}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        onChange={(chosen: D | null) => onChange(chosen ? calendar.text(chosen) : undefined)}
      />
    );
  };
}
