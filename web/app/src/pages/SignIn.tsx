// Who is there? By name and password, by who vouches for people, by a link that works once, by a key.
import { Alert, Button, Divider, Form, Input, Segmented } from "antd";
import { useEffect, useState } from "react";

import { carry } from "../api/client";
import { useAnswer } from "../api/hooks";
import { useLanguage } from "../app/language";
import { LanguageMenu } from "../app/LanguageMenu";
import { signIn } from "../app/session";
import { Oops } from "../parts/Oops";

type Way = "password" | "key";
interface Given {
  name?: string;
  password?: string;
  key?: string;
}

export function SignIn({ onDone }: { onDone: () => Promise<void> }) {
  const { t } = useLanguage();
  const [way, setWay] = useState<Way>("password");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [refused] = useState(() => window.location.hash === "#refused");
  const provider = useAnswer("/sessions/provider").data?.label;
  const enter = async (how: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await how();
      await onDone();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    document.title = `${t("sign_in.title")} · Segmentry`;
    const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
    if (token || refused) window.history.replaceState(null, "", "/app/"); // it need not stay in sight
    if (token) void enter(() => signIn({ token }));
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const finish = ({ name = "", password = "", key }: Given) =>
    enter(async () => (way === "key" ? carry(key?.trim()) : signIn({ name, password })));
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/app/mark.svg" alt="" width={44} height={44} />
        <h1>{t("sign_in.title")}</h1>
        <p className="muted">{t("sign_in.about")}</p>
        {error !== undefined && <Oops error={error} />}
        {refused && error === undefined && <Alert type="error" showIcon title={t("sign_in.refused")} />}
        {provider && (
          <>
            <Button type="primary" block href="/api/v1/sessions/provider/errand">
              {t("sign_in.with", { name: provider })}
            </Button>
            <Divider plain>{t("sign_in.or")}</Divider>
          </>
        )}
        <Form layout="vertical" onFinish={(given: Given) => void finish(given)} requiredMark={false}>
          {way === "password" ? (
            <>
              <Form.Item name="name" label={t("sign_in.name")} rules={[{ required: true, message: t("form.required") }]}>
                <Input autoComplete="username" autoFocus />
              </Form.Item>
              <Form.Item name="password" label={t("sign_in.password")} rules={[{ required: true, message: t("form.required") }]}>
                <Input.Password autoComplete="current-password" />
              </Form.Item>
            </>
          ) : (
            <Form.Item name="key" label={t("sign_in.key")} extra={t("sign_in.key_about")} rules={[{ required: true, message: t("form.required") }]}>
              <Input.Password autoComplete="off" autoFocus />
            </Form.Item>
          )}
          <Button type={provider ? "default" : "primary"} htmlType="submit" block loading={busy}>
            {t("sign_in.enter")}
          </Button>
        </Form>
        <Segmented
          block
          size="small"
          aria-label={t("sign_in.way")}
          value={way}
          onChange={setWay}
          options={[
            { value: "password", label: t("sign_in.by_password") },
            { value: "key", label: t("sign_in.by_key") },
          ]}
        />
        <div className="row centred">
          <LanguageMenu named />
        </div>
      </div>
    </main>
  );
}
