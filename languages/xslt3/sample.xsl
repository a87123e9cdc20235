<?xml version="1.0" encoding="UTF-8"?>
<!-- Sequences and text templates came with version 3: the word counts of a rhyme. -->
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" expand-text="yes">
  <xsl:output method="text"/>
  <xsl:variable name="rhyme">
    How much wood would a woodchuck chuck, if a woodchuck could chuck wood?
    As much wood as a woodchuck could, if a woodchuck could chuck wood.
  </xsl:variable>
  <xsl:template name="xsl:initial-template">
    <xsl:variable name="words" select="tokenize(lower-case($rhyme), '[^a-z]+')[.]"/>
    <xsl:for-each select="distinct-values($words)">
      <xsl:sort select="count($words[. = current()])" order="descending"/>
      <xsl:sort select="."/>
      <xsl:variable name="n" select="count($words[. = current()])"/>
      <xsl:text>{$n} {string-join((1 to $n) ! '■')} {.}&#10;</xsl:text>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
