<?xml version="1.0" encoding="utf-8"?>
<!--
  Help.xml and the files it names, as MAML: the form in which PowerShell reads the help of compiled cmdlets.
  https://learn.microsoft.com/powershell/scripting/developer/help/writing-help-for-windows-powershell-cmdlets
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns="http://msh"
                xmlns:maml="http://schemas.microsoft.com/maml/2004/10"
                xmlns:command="http://schemas.microsoft.com/maml/dev/command/2004/10"
                xmlns:dev="http://schemas.microsoft.com/maml/dev/2004/10">
  <xsl:output method="xml" encoding="utf-8" indent="yes" />

  <xsl:variable name="shared" select="/help/parameters/parameter" />

  <xsl:template match="/help">
    <helpItems schema="maml">
      <xsl:for-each select="cmdlet">
        <xsl:apply-templates select="document(@file)/cmdlet" />
      </xsl:for-each>
    </helpItems>
  </xsl:template>

  <xsl:template match="cmdlet">
    <xsl:variable name="cmdlet" select="." />
    <command:command>
      <command:details>
        <command:name><xsl:value-of select="@name" /></command:name>
        <command:verb><xsl:value-of select="substring-before(@name, '-')" /></command:verb>
        <command:noun><xsl:value-of select="substring-after(@name, '-')" /></command:noun>
        <maml:description><maml:para><xsl:value-of select="normalize-space(synopsis)" /></maml:para></maml:description>
      </command:details>
      <maml:description><xsl:apply-templates select="description/p" /></maml:description>
      <command:syntax>
        <xsl:for-each select="set">
          <xsl:variable name="set" select="@name" />
          <command:syntaxItem>
            <maml:name><xsl:value-of select="$cmdlet/@name" /></maml:name>
            <xsl:apply-templates select="$cmdlet/parameter[not(@set) or @set = $set]" mode="syntax" />
          </command:syntaxItem>
        </xsl:for-each>
      </command:syntax>
      <command:parameters><xsl:apply-templates select="parameter" /></command:parameters>
      <command:inputTypes>
        <xsl:for-each select="input">
          <command:inputType>
            <dev:type><maml:name><xsl:value-of select="@type" /></maml:name></dev:type>
            <maml:description><xsl:apply-templates select="p" /></maml:description>
          </command:inputType>
        </xsl:for-each>
      </command:inputTypes>
      <command:returnValues>
        <xsl:for-each select="output">
          <command:returnValue>
            <dev:type><maml:name><xsl:value-of select="@type" /></maml:name></dev:type>
            <maml:description><xsl:apply-templates select="p" /></maml:description>
          </command:returnValue>
        </xsl:for-each>
      </command:returnValues>
      <command:examples>
        <xsl:for-each select="example">
          <command:example>
            <maml:title>Example <xsl:value-of select="position()" />: <xsl:value-of select="@title" /></maml:title>
            <dev:code><xsl:value-of select="code" /></dev:code>
            <!-- The empty paragraph keeps the next example's title apart. -->
            <dev:remarks><xsl:apply-templates select="p" /><maml:para /></dev:remarks>
          </command:example>
        </xsl:for-each>
      </command:examples>
      <command:relatedLinks>
        <xsl:for-each select="related">
          <maml:navigationLink><maml:linkText><xsl:value-of select="." /></maml:linkText></maml:navigationLink>
        </xsl:for-each>
      </command:relatedLinks>
    </command:command>
  </xsl:template>

  <xsl:template match="p">
    <maml:para><xsl:value-of select="normalize-space(.)" /></maml:para>
  </xsl:template>

  <xsl:template match="parameter" mode="syntax">
    <xsl:call-template name="parameter"><xsl:with-param name="syntax" select="true()" /></xsl:call-template>
  </xsl:template>

  <xsl:template match="parameter">
    <xsl:call-template name="parameter"><xsl:with-param name="syntax" select="false()" /></xsl:call-template>
  </xsl:template>

  <!-- What a cmdlet's file says of a parameter goes before what Help.xml says of it. -->
  <xsl:template name="parameter">
    <xsl:param name="syntax" />
    <xsl:variable name="said" select=". | $shared[@name = current()/@ref]" />
    <xsl:variable name="name" select="@name | @ref" />
    <xsl:variable name="type" select="$said/@type" />
    <xsl:variable name="required">
      <xsl:choose>
        <xsl:when test="@required"><xsl:value-of select="@required" /></xsl:when>
        <xsl:when test="$said/@required"><xsl:value-of select="$said/@required" /></xsl:when>
        <xsl:otherwise>false</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <command:parameter required="{$required}" variableLength="{contains($type, '[]')}" globbing="{count($said/@globbing) > 0}">
      <xsl:attribute name="pipelineInput">
        <xsl:choose>
          <xsl:when test="@pipeline"><xsl:value-of select="@pipeline" /></xsl:when>
          <xsl:when test="$said/@pipeline"><xsl:value-of select="$said/@pipeline" /></xsl:when>
          <xsl:otherwise>False</xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:attribute name="position">
        <xsl:value-of select="$said/@position" /><xsl:if test="not($said/@position)">named</xsl:if>
      </xsl:attribute>
      <xsl:attribute name="aliases">
        <xsl:value-of select="$said/@aliases" /><xsl:if test="not($said/@aliases)">none</xsl:if>
      </xsl:attribute>
      <maml:name><xsl:value-of select="$name" /></maml:name>
      <maml:description>
        <xsl:choose>
          <xsl:when test="p"><xsl:apply-templates select="p" /></xsl:when>
          <xsl:otherwise><xsl:apply-templates select="$said/p" /></xsl:otherwise>
        </xsl:choose>
      </maml:description>
      <xsl:if test="not($syntax and $type = 'SwitchParameter')">
        <command:parameterValue required="true" variableLength="{contains($type, '[]')}"><xsl:value-of select="$type" /></command:parameterValue>
      </xsl:if>
      <dev:type><maml:name><xsl:value-of select="$type" /></maml:name></dev:type>
      <dev:defaultValue>
        <xsl:choose>
          <xsl:when test="@default"><xsl:value-of select="@default" /></xsl:when>
          <xsl:when test="$said/@default"><xsl:value-of select="$said/@default" /></xsl:when>
          <xsl:when test="$type = 'SwitchParameter'">False</xsl:when>
          <xsl:otherwise>None</xsl:otherwise>
        </xsl:choose>
      </dev:defaultValue>
    </command:parameter>
  </xsl:template>
</xsl:stylesheet>
