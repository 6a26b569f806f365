// The frame around every page: where one can go, what is asked about, who is signed in.
import { MenuOutlined } from "@ant-design/icons";
import { Button, Drawer, Grid, Layout } from "antd";
import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigationType } from "react-router";

import { Cells } from "../parts/Cells";
import { useAppearance } from "./appearance";
import { Boundary } from "./Boundary";
import { Due } from "./Due";
import { useLanguage } from "./language";
import { Navigation } from "./Navigation";
import { TopBar } from "./TopBar";
import { useWorkspace } from "./workspace";

export function Shell({ children }: { children: ReactNode }) {
  const { t, rtl } = useLanguage();
  const { dark } = useAppearance();
  const [open, setOpen] = useState(false);
  const wide = Grid.useBreakpoint().lg ?? true;
  const content = useLanding();
  return (
    <Layout className="shell">
      <a className="skip" href="#content">
        {t("shell.skip")}
      </a>
      {wide ? (
        <Layout.Sider width={232} theme={dark ? "dark" : "light"} className="side">
          <Brand />
          <Navigation />
        </Layout.Sider>
      ) : (
        <Drawer
          open={open}
          onClose={() => setOpen(false)}
          placement={rtl ? "right" : "left"}
          size={264}
          title={<Brand />}
          styles={{ body: { padding: 0 } }}
        >
          <Navigation onGo={() => setOpen(false)} />
        </Drawer>
      )}
      <Layout>
        <Layout.Header className="top">
          {!wide && (
            <Button type="text" icon={<MenuOutlined />} aria-label={t("shell.menu")} onClick={() => setOpen(true)} />
          )}
          <TopBar />
        </Layout.Header>
        <main id="content" className="content" tabIndex={-1} ref={content}>
          <Boundary>
            <Due />
            <Cells>{children}</Cells>
          </Boundary>
        </main>
      </Layout>
    </Layout>
  );
}

/** A new page begins at its top, with focus unless that stays in the navigation: what led here is often gone. */
function useLanding() {
  const { pathname } = useLocation();
  const onward = useNavigationType() !== "POP";
  const content = useRef<HTMLElement>(null);
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    if (onward) window.scrollTo(0, 0);
    if (!document.activeElement?.closest("nav")) content.current?.focus({ preventScroll: true });
  }, [pathname, onward]);
  return content;
}

function Brand() {
  const { name } = useWorkspace();
  return (
    <div className="brand">
      <img src="/app/mark.svg" alt="" width={28} height={28} />
      <div>
        <strong>Segmentry</strong>
        <span className="muted" dir="auto">
          {name}
        </span>
      </div>
    </div>
  );
}
