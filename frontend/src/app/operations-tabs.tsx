import { Link, useRouterState } from "@tanstack/react-router";
import { OPERATOR_PAGES } from "./pages";
import { kept } from "./search";

/** The pages for who operates the installation, beside one another. */
export function OperationsTabs() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav aria-label="Operations" className="-mt-2 mb-6">
      <ul className="tabs">
        {OPERATOR_PAGES.map(([label, , page]) => (
          <li key={page}>
            <Link to={page} search={kept} aria-current={path === page ? "page" : undefined}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
