export { Answered } from "@/shared/ui/answered";
