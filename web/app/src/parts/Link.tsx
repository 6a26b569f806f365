// Links inside the page keep the instant that is being asked about.
import type { ComponentProps } from "react";
import { Link as RouterLink } from "react-router";

import { useAddress } from "../app/address";

export function Link({ to, ...rest }: ComponentProps<typeof RouterLink> & { to: string }) {
  return <RouterLink to={useAddress()(to)} {...rest} />;
}
