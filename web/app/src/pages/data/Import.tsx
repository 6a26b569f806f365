// Bringing data in: send a file, see how its columns map and why, fix that, try, load.
import { InboxOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Steps, Upload } from "antd";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";

import type { Schemas } from "../../api/client";
import { send } from "../../api/client";
import { useAnswer } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { Link } from "../../parts/Link";
import { Oops } from "../../parts/Oops";
import { Answered, Page, Panel } from "../../parts/Page";
import { useFormat } from "../../parts/format";
import { Columns } from "./Columns";
import { Loading } from "./Loading";

type Source = Schemas["source"];

export function Import() {
  const { t } = useLanguage();
  const [search, setSearch] = useSearchParams();
  const id = search.get("source");
  const choose = (next: string | null) =>
    setSearch((before) => {
      const kept = new URLSearchParams(before);
      if (next) kept.set("source", next);
      else kept.delete("source");
      return kept;
    });
  return (
    <Page
      title={t("import.title")}
      about={t("import.about")}
      back={
        <Link to="/data" className="back">
          {t("nav.data")}
        </Link>
      }
    >
      {id ? <One id={id} onOther={() => choose(null)} /> : <Start onChosen={choose} />}
    </Page>
  );
}

function Start({ onChosen }: { onChosen: (id: string) => void }) {
  const { t } = useLanguage();
  const format = useFormat();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const sources = useAnswer("/sources");
  const upload = async (file: File) => {
    setError(undefined);
    const form = new FormData();
    form.append("file", file);
    try {
      const source = (await (await send("post", "/api/v1/sources", { body: form })).json()) as Source;
      await client.invalidateQueries();
      onChosen(source.id);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <>
      <Panel>
        <Upload.Dragger
          aria-label={t("import.choose")}
          showUploadList={false}
          beforeUpload={(file) => {
            void upload(file);
            return false;
          }}
        >
          <p className="drop-icon">
            <InboxOutlined />
          </p>
          <p>{t("import.drop")}</p>
          <p className="muted small">{t("import.kinds")}</p>
        </Upload.Dragger>
        {error !== undefined && <Oops error={error} />}
      </Panel>
      <Answered of={sources}>
        {({ sources: rows }) =>
          rows.length > 0 && (
            <Panel title={t("import.sent")}>
              <ul className="list">
                {rows.map((each) => (
                  <li key={each.id}>
                    <Link to={`/data/import?source=${each.id}`} dir="auto">
                      {each.name}
                    </Link>
                    <span className="muted small">
                      {format.moment(each.sent_at)} · {t(each.loads ? "import.loaded" : "import.not_loaded")}
                    </span>
                  </li>
                ))}
              </ul>
            </Panel>
          )
        }
      </Answered>
    </>
  );
}

function One({ id, onOther }: { id: string; onOther: () => void }) {
  const { t } = useLanguage();
  const { message } = App.useApp();
  const [step, setStep] = useState(1);
  const source = useAnswer("/sources/{source_id}", { path: { source_id: id } });
  const go = (next: number) => (next === 0 ? onOther() : setStep(next));
  const part = useRef<HTMLDivElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) part.current?.focus(); // what led here is gone
    before.current = step;
  }, [step]);
  return (
    <div className="stack lands" ref={part} tabIndex={-1}>
      <Steps
        current={step}
        onChange={(next) => (next < step ? go(next) : void message.info(t("import.in_order")))}
        items={["upload", "columns", "try", "load"].map((each) => ({ title: t(`import.step.${each}`) }))}
        responsive
      />
      <Answered of={source}>
        {(found) =>
          step === 1 ? <Columns source={found} onDone={() => setStep(2)} /> : <Loading key={step} source={found} kind={step === 2 ? "rehearsal" : "load"} onBack={() => setStep(1)} onNext={() => setStep(3)} />
        }
      </Answered>
    </div>
  );
}
