import { describe, expect, it } from "vitest";

import { reportOf } from "./app/fault";
import { DARK, LIGHT } from "./app/theme";
import type { Words } from "./builder/tree";
import { blank, constant, tidy } from "./builder/tree";
import { moved, targetsOf } from "./pages/data/mapping";
import { contrast, heat } from "./parts/heat";

const leaf = { kind: "is_true", operand: { kind: "name", name: "club" } };

describe("a tree that is being written", () => {
  it("loses groups of nothing and groups of one", () => {
    const empty = { kind: "or", parts: [] };
    expect(tidy({ kind: "and", parts: [leaf, empty] })).toEqual(leaf);
    expect(tidy({ kind: "not", part: { kind: "and", parts: [empty] } })).toBeNull();
    expect(tidy({ kind: "and", parts: [leaf, { kind: "or", parts: [leaf, leaf] }] })).toEqual({
      kind: "and",
      parts: [leaf, { kind: "or", parts: [leaf, leaf] }],
    });
  });
  it("loses a where that says nothing yet", () => {
    expect(tidy({ kind: "any", fact: "orders", where: { kind: "and", parts: [] } })).toEqual({ kind: "any", fact: "orders" });
  });
  it("keeps decimals as they were typed", () => {
    expect(constant("number", "0.10")).toEqual({ kind: "constant", type: "number", value: "0.10" });
    expect(constant("integer", "12")).toEqual({ kind: "constant", type: "integer", value: 12 });
  });
  it("begins a node with every field that it needs", () => {
    const nodes = [{ kind: "stopped", condition: true, fields: [
      { name: "fact", holds: "fact", many: false, optional: false, options: [] },
      { name: "after", holds: "span", many: false, optional: false, options: [] },
      { name: "where", holds: "condition", many: false, optional: true, options: [] },
    ] }];
    const words = { nodes, facts: [{ name: "orders", fields: [] }], features: [] } as unknown as Words;
    expect(blank(words, "stopped", null)).toEqual({ kind: "stopped", fact: "orders", after: "90 days" });
  });
});

describe("a mapping", () => {
  const before = { entities: { orders: { amount: "total", order_id: "id" }, customers: { customer_id: "who" } }, formats: { total: { kind: "money" } } };
  it("moves a column and forgets how it was to be read", () => {
    const after = moved(before, "total", ["orders.discount_amount"]);
    expect(after.entities.orders).toEqual({ order_id: "id", discount_amount: "total" });
    expect(after.formats).toEqual({});
    expect(targetsOf(after, "total")).toEqual(["orders.discount_amount"]);
  });
  it("leaves a column out on purpose, and takes it in again", () => {
    const out = moved(before, "who", []);
    expect(out.ignore).toEqual(["who"]);
    expect(out.entities.customers).toBeUndefined();
    expect(moved(out, "who", ["customers.customer_id"]).ignore).toEqual([]);
  });
});

describe("the colour of a cell", () => {
  it.each([LIGHT, DARK])("can always be read", (palette) => {
    for (let share = 0; share <= 1; share += 0.01) {
      const { background, color } = heat(palette, share);
      expect(contrast(background, color)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("what is told of a fault", () => {
  const at = new Date("2024-05-01T10:00:00Z");
  const told = (error: Error) => reportOf(error, "/customers/Olena%20K", "    at Card (http://shop.example/app/assets/Card-1.js:3:4)", at);
  it("says where it was, and nothing of what was shown", () => {
    const error = new TypeError("Cannot read properties of undefined (reading 'Olena') of c0012");
    error.stack = `TypeError: Olena\n    at draw (http://shop.example/app/assets/Customer-1.js:1:2)`;
    expect(told(error)).toBe(
      ["TypeError: Cannot read properties of undefined (reading '…') of c0", "page /customers", "at 2024-05-01T10:00:00.000Z", "  at draw (/app/assets/Customer-1.js:1:2)", "  at Card (/app/assets/Card-1.js:3:4)"].join("\n"),
    );
  });
  it("does not repeat what may quote data", () => {
    expect(told(new SyntaxError('Unexpected token in "Olena Kovalenko"'))).not.toContain("Olena");
  });
});
