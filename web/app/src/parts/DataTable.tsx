// A table of the components whose part that scrolls can be reached by keyboard.
import type { TableProps } from "antd";
import { Table } from "antd";
import { useEffect, useRef } from "react";

export function DataTable<Row extends object>({ label, ...rest }: TableProps<Row> & { label: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const content = box.current?.querySelector<HTMLElement>(".ant-table-content");
    if (!content) return;
    content.tabIndex = 0;
    content.setAttribute("role", "region");
    content.setAttribute("aria-label", label);
  });
  return (
    <div ref={box}>
      <Table<Row> scroll={{ x: "max-content" }} {...rest} />
    </div>
  );
}
