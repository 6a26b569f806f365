// The folder a segment is in; pressed, it can be put into another one.
import { FolderOutlined } from "@ant-design/icons";
import { AutoComplete, Button, Popover } from "antd";
import { useRef, useState } from "react";

import { useChange } from "../../api/hooks";
import { useLanguage } from "../../app/language";
import { useSession } from "../../app/session";
import { Oops } from "../../parts/Oops";

interface FolderProps {
  segment: { name: string; label: string; rule: string; folder: string };
  folders: string[];
}

export function FolderTag({ segment, folders }: FolderProps) {
  const { t } = useLanguage();
  const { may } = useSession();
  const [open, setOpen] = useState(false);
  const tag = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    tag.current?.focus();
  };
  const shown = segment.folder || t("segments.folder_none");
  if (!may("define")) return segment.folder ? <span className="folder">{segment.folder}</span> : null;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      destroyOnHidden
      content={
        <div role="dialog" aria-label={t("segments.folder")} onKeyDown={(event) => event.key === "Escape" && close()}>
          <Move segment={segment} folders={folders} onDone={close} />
        </div>
      }
    >
      <Button ref={tag} aria-haspopup="dialog" aria-expanded={open} type="text" size="small" className="folder" icon={<FolderOutlined />} aria-label={t("segments.folder_of", { folder: shown, name: segment.label || segment.name })}>
        {segment.folder && <span dir="auto">{segment.folder}</span>}
      </Button>
    </Popover>
  );
}

function Move({ segment, folders, onDone }: FolderProps & { onDone: () => void }) {
  const { t } = useLanguage();
  const save = useChange("put", "/segments/{name}");
  const [folder, setFolder] = useState(segment.folder);
  const put = async () => {
    const { name, rule, label } = segment;
    await save.mutateAsync({ path: { name }, body: { rule, label, folder } });
    onDone();
  };
  return (
    <div className="stack tight">
      <div className="row">
        <AutoComplete
          autoFocus
          aria-label={t("segments.folder")}
          placeholder={t("segments.folder")}
          style={{ width: 200 }}
          value={folder}
          options={folders.map((value) => ({ value }))}
          onChange={(value: string) => setFolder(value)}
        />
        <Button type="primary" loading={save.isPending} onClick={() => void put().catch(() => undefined)}>
          {t("action.save")}
        </Button>
      </div>
      {save.error && <Oops error={save.error} />}
    </div>
  );
}
