import ts from 'typescript';

/** Source as it is shown in a label or a message. */
export const textOf = (node: ts.Node): string => {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

/** Without what changes nothing but types. */
export const peeled = (node: ts.Expression): ts.Expression => (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? peeled(node.expression) : node);

export const keyOf = (name: ts.PropertyName): string => (ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) || ts.isIdentifier(name) ? name.text : name.getText());
