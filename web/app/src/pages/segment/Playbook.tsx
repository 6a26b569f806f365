export function Playbook({ name }: { name: string }) {
  return <p>{name}</p>;
}
